import { ProblemError } from './problem.js';
import type { Fetch } from './session.js';

/** What outlives a connection (HTML Living Standard, 9.2): where to go on, milliseconds to wait before, and how often it was in vain. */
type Source = { lastEventId: string; retry: number; failures: number };
type Message = { event: string; data: string };

const SILENCE = 45_000; // milliseconds without a word: the API says something every fifteen seconds
const MAX_WAIT = 30_000;

/**
 * Server-sent events, over as many connections as it takes: each goes on where the one before ended. Ends when it is aborted.
 * @throws ProblemError for an answer that coming again does not help with
 */
export async function* listen(
  fetch: Fetch,
  url: string,
  lastEventId = '',
  signal?: AbortSignal,
): AsyncGenerator<Message> {
  const source: Source = { lastEventId, retry: 3000, failures: 0 };
  while (!signal?.aborted) {
    let wait = 0;
    try {
      yield* connect(fetch, url, source, signal);
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ProblemError && error.status !== 429 && error.status < 500) throw error;
      wait = 1000 * ((error as ProblemError).retryAfter ?? 0);
    }
    const backoff = Math.min(source.retry * 2 ** source.failures++, MAX_WAIT) * (1 - Math.random() / 2); // not all at once
    await pause(Math.max(wait, backoff), signal);
  }
}

async function* connect(fetch: Fetch, url: string, source: Source, signal?: AbortSignal): AsyncGenerator<Message> {
  const connection = new AbortController();
  const hangUp = () => {
    clearTimeout(timer);
    connection.abort();
  };
  let timer = setTimeout(hangUp, SILENCE);
  const heard = () => {
    source.failures = 0;
    clearTimeout(timer);
    timer = setTimeout(hangUp, SILENCE);
  };
  signal?.addEventListener('abort', hangUp);
  try {
    const headers = { Accept: 'text/event-stream', ...(source.lastEventId && { 'Last-Event-ID': source.lastEventId }) };
    const answer = await fetch(new Request(url, { headers, signal: connection.signal }));
    if (!answer.ok) throw new ProblemError(answer, await answer.json().catch(() => undefined));
    if (!answer.body) throw new ProblemError(answer, { detail: 'This fetch shows no stream: give another one.' });
    yield* messagesIn(answer.body, source, heard);
  } finally {
    signal?.removeEventListener('abort', hangUp);
    hangUp();
  }
}

/** The messages of a stream, as 9.2.6 of the standard reads them. */
export async function* messagesIn(
  body: ReadableStream<Uint8Array>,
  source: Source,
  heard: () => void,
): AsyncGenerator<Message> {
  let { lastEventId: id } = source;
  let event = '';
  let data: string[] = [];
  for await (const line of linesIn(body, heard)) {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (line === '') {
      source.lastEventId = id;
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
      event = '';
      data = [];
    } else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) source.retry = Number(value);
  }
}

/** Lines that end in CR LF, CR or LF, of a text that comes in pieces. What is not ended is dropped. */
async function* linesIn(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let wasReturn = false; // a LF that comes next ends the same line
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    heard();
    const text = decoder.decode(piece.value, { stream: true });
    const isSecondHalf = wasReturn && text.startsWith('\n');
    if (text !== '') wasReturn = text.endsWith('\r');
    const lines = (rest + (isSecondHalf ? text.slice(1) : text)).split(/\r\n|\r|\n/);
    rest = lines.pop()!;
    yield* lines;
  }
}

const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
