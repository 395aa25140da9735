import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Job } from './jobs';

type Answer = { id: number; html?: string | null; error?: Error };
type Waiting = { resolve: (html: string | null) => void; reject: (error: Error) => void };

const SUFFIX = extname(__filename);
const OPTIONS = {
  resourceLimits: { maxOldGenerationSizeMb: 256 },
  ...(SUFFIX === '.ts' && { execArgv: ['-r', join(process.cwd(), 'scripts/typescript.cjs')] }), // in tests
};

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let last = 0;

/** Has one text after the other made safe in a thread, which begins with the first. @throws Error when the thread dies of it */
export function offTheLoop(job: Job, text: string): Promise<string | null> {
  worker ??= begin();
  worker.ref(); // whoever waits keeps the process alive, an idle thread does not
  const id = ++last;
  worker.postMessage({ id, job, text });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

function begin(): Worker {
  const thread = new Worker(join(__dirname, `safe-html.worker${SUFFIX}`), OPTIONS);
  thread.on('message', ({ id, html, error }: Answer) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (waiting.size === 0) thread.unref();
    if (error) reject(error);
    else resolve(html!);
  });
  thread.on('error', (error) => {
    worker = undefined; // the next text begins another
    for (const { reject } of waiting.values()) reject(error as Error);
    waiting.clear();
  });
  return thread;
}
