import type { FastifyRequest } from 'fastify';
import { BadRequest, pointerTo, ValidationFailed } from '../errors/problem';

const MAX_DEPTH = 32;
const MAX_KEYS = 5000;
const MAX_NAME = 256; // characters
/** They reach an object's machinery instead of its data. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Parses a JSON body of bounded depth and size. An empty one is no body: clients send the header out of habit. */
export function boundedJson(
  _request: FastifyRequest,
  text: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    const body: unknown = text.length === 0 ? undefined : parse(String(text));
    requireBounded(body);
    done(null, body);
  } catch (error) {
    done(error as Error);
  }
}

/** @throws ValidationFailed for what is nested too deeply, holds too much or has names that are too long or reach an object's machinery */
export const requireBounded = (value: unknown): void => bound(value, '#', 0, { keys: 0 });

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

const refused = (pointer: string, detail: string) => new ValidationFailed({ errors: [{ pointer, detail }] });
