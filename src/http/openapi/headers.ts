/** What an answer may carry, by name; an answer refers to those that it does. Those in REQUIRED it always carries. */
export const HEADERS = {
  'X-Request-Id': {
    description: 'The id of the request, as in our logs.',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
  'Cache-Control': {
    description: 'Who may keep the answer, and how long: `no-store`, unless it is the same for everyone.',
    required: true,
    schema: { type: 'string' },
    example: 'no-store',
  },
  ETag: {
    description: 'Names this version of the resource, for `If-Match` or `If-None-Match`.',
    required: true,
    schema: { type: 'string' },
    example: '"3"',
  },
  'Idempotency-Replayed': {
    description: 'Sent where the answer is the one that this `Idempotency-Key` got before: nothing was done again.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': {
    description: 'Seconds to wait before the request is sent again.',
    schema: { type: 'integer', minimum: 1 },
  },
  'WWW-Authenticate': {
    description: 'What is asked for: a bearer (RFC 6750).',
    required: true,
    schema: { type: 'string' },
    example: 'Bearer',
  },
  'X-Accel-Buffering': {
    description: 'Has a proxy pass on at once what is said.',
    required: true,
    schema: { type: 'string', enum: ['no'] },
  },
} as const;

export type HeaderName = keyof typeof HEADERS;

/** On every answer that the contract describes. Those that protect whoever reads it with a browser are named once, in the contract's words. */
const ALWAYS = ['X-Request-Id', 'Cache-Control'] as const;

/** As an answer lists them. */
export const headersOf = (...names: HeaderName[]) =>
  Object.fromEntries([...ALWAYS, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
