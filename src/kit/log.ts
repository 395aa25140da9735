import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';

/** Lines go out together, and those that wait at the latest with the process: a write for each would cost more than its query. */
const BUFFER = 4096; // bytes
const FLUSH = 100; // milliseconds

/** JSON lines. Of an error only what cannot hold a value from a request or a row: a driver's error carries the whole statement. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const err = (error: unknown) => {
    const { name, message, code, stack } = (error ?? {}) as Error & { code?: string };
    return { type: name, message, code, stack };
  };
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err } },
    destination ?? pino.destination({ dest: 1, sync: false, minLength: BUFFER, periodicFlush: FLUSH }),
  );
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
