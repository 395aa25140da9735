import type { Answer } from './answer';

/** Does the same thing `n` times at once: a race. */
export const atOnce = <T>(n: number, work: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, i) => work(i)));

/** The statuses of answers, in order of size: who wins a race is chance, how many do is not. */
export const statusesOf = (answers: Answer[]): number[] => answers.map(({ status }) => status).sort((a, b) => a - b);
