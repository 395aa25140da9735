import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import { cut } from '../../kit/text/cut';
import { requestContext } from '../../kit/request-context';
import { idsOf } from './request-log';
import { currentRelease } from '../../config/release';

/** Lines go out together, and those that wait at the latest with the process: a write for each would cost more than its query. */
const BUFFER = 4096; // bytes
const FLUSH = 100; // milliseconds

/** No request and no error makes a line longer than this, in characters, whatever it sent or says. */
const LONGEST = 8192;
const OF_ERROR = { message: 1000, stack: 4000 };

/** JSON lines, each with the version that runs and, while a request is served, with its ids. Of an error only what cannot hold a value from a request or a row: a driver's error carries the whole statement. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { version: currentRelease().version },
      mixin: idsHere,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: showError },
      hooks: { streamWrite: boundedLine },
    },
    destination ?? pino.destination({ dest: 1, sync: false, minLength: BUFFER, periodicFlush: FLUSH }),
  );
}

function idsHere(): object {
  const here = requestContext();
  return here ? idsOf(here) : {};
}

function showError(error: unknown) {
  const { name, message = '', code, stack } = (error ?? {}) as Partial<Error> & { code?: string };
  const short = cut(String(message), OF_ERROR.message);
  const frames = stack?.replace(message, () => short); // a stack begins with the message
  return { type: name, message: short, code, stack: frames && cut(frames, OF_ERROR.stack) };
}

/** Of a line that is too long what says most is kept, or else its beginning, as a text. */
function boundedLine(line: string): string {
  if (line.length <= LONGEST) return line;
  const { level, time, version, requestId, traceId, err, msg } = JSON.parse(line) as Record<string, unknown>;
  const said = JSON.stringify({
    level,
    time,
    version,
    requestId,
    traceId,
    err,
    msg: msg && cut(String(msg), OF_ERROR.message),
  });
  if (said.length < LONGEST) return `${said}\n`;
  return `${JSON.stringify({ level, time, shortened: cut(line, LONGEST / 2 - 100) })}\n`; // each quote in it takes two
}

/** Nest's own log lines, in the same log. What it says of its own start-up is for debugging only. */
export function nestLog(log: Logger): LoggerService {
  const write =
    (level: 'info' | 'warn' | 'error' | 'debug' | 'trace' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const fields =
        typeof message === 'object' && message !== null ? (message instanceof Error ? { err: message } : message) : {};
      const text =
        typeof message === 'string' ? message : rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
      log[level]({ ...fields, context: typeof context === 'string' ? context : undefined }, text);
    };
  return {
    log: write('debug'),
    warn: write('warn'),
    error: write('error'),
    debug: write('debug'),
    verbose: write('trace'),
    fatal: write('fatal'),
  };
}
