import { randomBytes } from 'node:crypto';
import type { Answer } from './answer';

/** Something that no other test has: an address, a name. */
export const freshAddress = (local = 'someone') => `${local}-${randomBytes(5).toString('hex')}@example.com`;
export const freshName = (name = 'Acme') => `${name} ${randomBytes(5).toString('hex')}`;

/** An answer as one sees it on the wire, without what names the request itself. */
export function seen({ status, headers, text, body }: Answer) {
  const { date: _date, 'x-request-id': id, ...rest } = headers;
  return { status, headers: rest, text: body?.instance ? text.replace(body.instance, '') : text, named: typeof id };
}
