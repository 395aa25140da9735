import { ValidationFailed } from '../problem';
import { type Job, JOBS, MAX_HTML } from './jobs';
import { offTheLoop } from './off-the-loop';

/** Up to here a text costs less than the way to another thread and back is worth: a few milliseconds. Characters. */
const SHORT = 4096;

const made = async (job: Job, text: string) => (text.length > SHORT ? offTheLoop(job, text) : JOBS[job](text));

/** Markdown (CommonMark, with tables) as HTML that is safe to show anyone. @throws ValidationFailed at `pointer` when it grows too large */
export async function toSafeHtml(source: string, pointer: string): Promise<string> {
  const html = await made('page', source);
  if (html !== null) return html;
  const detail = `must not become more than ${MAX_HTML} characters of HTML`;
  throw new ValidationFailed({ errors: [{ pointer, detail }] });
}

/** What stands in the body of a mail, without what runs, frames, or loads anything but an image. */
export const toSafeMail = async (body: string): Promise<string> => (await made('mail', body))!;
