import { parentPort } from 'node:worker_threads';
import { type Job, JOBS } from './jobs';

/** A thread of its own, for texts that would keep everyone else waiting. */
parentPort!.on('message', ({ id, job, text }: { id: number; job: Job; text: string }) => {
  try {
    parentPort!.postMessage({ id, html: JOBS[job](text) });
  } catch (error) {
    parentPort!.postMessage({ id, error });
  }
});
