import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { BadRequest, pointerTo, ValidationFailed } from '../../kit/problem';
import { lossyNumber } from './exact-numbers';

const MAX_DEPTH = 32;
const MAX_KEYS = 5000;
const MAX_NAME = 256; // characters
/** They reach an object's machinery instead of its data. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses a JSON body of bounded depth and size, in UTF-8, perhaps behind a byte order mark (RFC 8259, 8.1), every number in it one that a
 * double keeps. An empty one is no body: clients send the header out of habit.
 */
export function boundedJson(
  _request: FastifyRequest,
  bytes: Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    const text = textOf(bytes);
    const body: unknown = text === '' ? undefined : parse(text);
    requireBounded(body);
    requireExact(text);
    done(null, body);
  } catch (error) {
    done(error as Error);
  }
}

/** @throws ValidationFailed for what is nested too deeply, holds too much or has names that are too long or reach an object's machinery */
export const requireBounded = (value: unknown): void => bound(value, '#', 0, { keys: 0 });

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new BadRequest({ detail: 'The body is not UTF-8.' });
  const text = bytes.toString();
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest({ detail: 'The body is not JSON.' });
  }
}

function bound(value: unknown, pointer: string, depth: number, seen: { keys: number }): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw refused(pointer, `must not be nested deeper than ${MAX_DEPTH}`);
  for (const [key, child] of Object.entries(value)) {
    const place = pointerTo(pointer, key);
    if (key.length > MAX_NAME) throw refused(place, `is a name of more than ${MAX_NAME} characters`);
    if (FORBIDDEN.has(key)) throw refused(place, 'is not a name that can be used');
    if (++seen.keys > MAX_KEYS) throw refused(pointer, `must not hold more than ${MAX_KEYS} values`);
    bound(child, place, depth + 1, seen);
  }
}

/** @throws ValidationFailed that names the first number which would be read as another */
function requireExact(text: string): void {
  const lossy = lossyNumber(text);
  if (!lossy) return;
  const mark = randomUUID(); // in its place, to find where in the body that is
  const marked: unknown = JSON.parse(`${text.slice(0, lossy.at)}"${mark}"${text.slice(lossy.at + lossy.length)}`);
  throw refused(whereIs(mark, marked) ?? '#', 'has more digits than a number keeps: send it as a text');
}

function whereIs(mark: string, value: unknown, pointer = '#'): string | undefined {
  if (value === mark) return pointer;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, child] of Object.entries(value)) {
    const found = whereIs(mark, child, pointerTo(pointer, name));
    if (found) return found;
  }
  return undefined;
}

const refused = (pointer: string, detail: string) => new ValidationFailed({ errors: [{ pointer, detail }] });
