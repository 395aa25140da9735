import { problem } from '../../kit/errors/problem';

export const VersionKnown = problem(409, 'version-known', 'This version is recorded already.');
