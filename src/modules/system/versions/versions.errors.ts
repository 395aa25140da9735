import { problem } from '../../../kit/problem';

export const VersionKnown = problem(409, 'version-known', 'This version is recorded already.');
