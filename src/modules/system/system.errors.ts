import { problem } from '../../kit/errors/problem';

export const NotReady = problem(503, 'not-ready', 'The app cannot serve requests yet.');
