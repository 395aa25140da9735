import { v7 } from 'uuid';
import { clock } from './clock';

/** A UUIDv7 (RFC 9562): sorts by the time it was made, so that ids double as page cursors and the clustered index only grows. */
export const newId = (): string => v7();

/** An id as if made at that moment (not before 1970): sorts by it. */
export const newIdAt = (at: Date): string => v7({ msecs: Math.max(0, at.getTime()) });

/** When an id was made. */
export const madeAt = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a value from outside is a UUID in lower case; anything else can name nothing. */
export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/** The least id that could have been made at this moment: turns a time filter into a range of the primary key. */
export function firstIdAt(at: Date = clock.now()): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0').slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
