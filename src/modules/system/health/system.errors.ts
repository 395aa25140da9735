import { problem } from '../../../kit/problem';

export const NotReady = problem(503, 'not-ready', 'The app cannot serve requests yet.');
