import { Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { clock, SECOND } from '../kit/clock';

type Work = (...given: never[]) => Promise<void>;
/** What became of a job since the process started; `succeededAt` in seconds since 1970. */
export type Tally = { runs: number; failures: number; succeededAt?: number };

const logger = new Logger('Job');
/** By the names of jobs. Like memory it is the process's, however many apps run in it. */
export const tallies = new Map<string, Tally>();

/**
 * Runs the method when it is time, never twice at once in a process. One that throws is a failure: it is logged and counted, and the
 * next run is the next try. Several instances run it, each for itself: what it does is guarded.
 * @param name as metrics and the log call it: `<module>.<verb>` @param time when, as cron has it
 */
export const Job =
  (name: string, time: string) =>
  (on: object, method: string, descriptor: TypedPropertyDescriptor<Work>): void => {
    const work = descriptor.value!;
    const tally: Tally = { runs: 0, failures: 0 };
    tallies.set(name, tally);
    descriptor.value = async function (...given) {
      tally.runs++;
      try {
        await work.apply(this, given);
        tally.succeededAt = clock.now().getTime() / SECOND;
      } catch (error) {
        tally.failures++;
        logger.warn({ err: error, job: name }, 'A job failed; its next run is the next try.');
      }
    };
    Cron(time, { waitForCompletion: true })(on, method, descriptor);
  };

/** Does it for one after the other, also where it fails for some; those are logged. @throws Error at the end, if there were any */
export async function forEach<T>(
  all: Iterable<T> | AsyncIterable<T>,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  let failures = 0;
  for await (const one of all)
    await work(one).catch((error: unknown) => {
      failures++;
      logger.warn({ err: error }, 'A part of a job failed; the others go on.');
    });
  if (failures > 0) throw new Error(`It failed for ${failures}.`);
}
