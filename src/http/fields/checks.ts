import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { isCurrency } from '../../kit/money';
import { readMoment } from '../../kit/moment';
import { isId } from '../../kit/id';
import { faultInAddress, isAddress, NO_ADDRESS, normalizeAddress } from '../../kit/text/email-address';
import { normalizePassword } from '../../kit/text/password';
import { faultInName } from '../../kit/text/visible';
import { webUrl } from '../../kit/net/web-url';

const check = (
  name: string,
  holds: (value: unknown) => boolean,
  message: string | ((value: unknown) => string),
  options?: ValidationOptions,
) => {
  const defaultMessage = (args?: ValidationArguments) => (typeof message === 'string' ? message : message(args?.value));
  return ValidateBy({ name, validator: { validate: holds, defaultMessage } }, options);
};

const Normalized = () => Transform(({ value }) => (typeof value === 'string' ? normalizeAddress(value) : value));

/** One e-mail address, brought to its stored form. */
export const Address = () =>
  applyDecorators(
    Normalized(),
    check(
      'address',
      (value) => typeof value === 'string' && isAddress(value),
      (value) => faultInAddress(String(value)) ?? NO_ADDRESS,
    ),
  );

const NO_RECIPIENT = 'must be an id, or one e-mail address such as ada@example.com';

/** The same, or an id. */
export const AddressOrId = () =>
  applyDecorators(
    Normalized(),
    check(
      'address-or-id',
      (value) => isId(value) || (typeof value === 'string' && isAddress(value)),
      (value) => (String(value).includes('@') && faultInAddress(String(value))) || NO_RECIPIENT,
    ),
  );

/** Kept as it was sent: the library would copy it, and leave out the names that every object has by birth (`toString`). */
export const AsSent = () => Transform(({ obj, key }) => (obj as Record<string, unknown>)[key]);

/** A password, brought to the form that is hashed: what is counted is what counts. */
export const PasswordForm = () =>
  Transform(({ value }) => (typeof value === 'string' ? normalizePassword(value) : value));

/** Cuts white space at both ends. */
export const Trimmed = () => Transform(({ value }) => (typeof value === 'string' ? value.trim() : value));

const isWellFormed = (text: string) => (text as string & { isWellFormed(): boolean }).isWellFormed();
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/; // eslint-disable-line no-control-regex

const NO_LINE = 'must be one line without control characters';
const faultInLine = (value: unknown): string | undefined =>
  typeof value !== 'string' || CONTROL.test(value) || !isWellFormed(value) ? NO_LINE : faultInName(value);

/** One line that can be read: no control characters, no half of a surrogate pair, nothing that cannot be seen. */
export const Plain = (options?: ValidationOptions) =>
  check(
    'plain',
    (value) => faultInLine(value) === undefined,
    (value) => [value].flat().map(faultInLine).find(Boolean) ?? NO_LINE,
    options,
  );

/** Text that every database keeps to the letter: no NUL, no half of a surrogate pair. */
export const Wellformed = () =>
  check(
    'wellformed',
    (value) => typeof value === 'string' && !value.includes('\0') && isWellFormed(value),
    'must be well-formed Unicode without NUL',
  );

/** Length in code points, as JSON Schema and a database's columns count: class-validator takes a variation selector for nothing. */
export const CharacterCount = (min: number, max: number, options?: ValidationOptions) =>
  check(
    'characters',
    (value) => typeof value === 'string' && value.length <= 2 * max && isBetween([...value].length, min, max),
    `must be ${min} to ${max} characters long`,
    options,
  );

const isBetween = (count: number, min: number, max: number) => count >= min && count <= max;

/** What JSON.stringify makes of a NUL or of half a surrogate pair; the pairs of backslashes before it are literal ones. */
const UNSTORABLE = /(?<!\\)(\\\\)*\\u(0000|d[89a-f])/i;

/** A JSON value of at most `max` bytes of UTF-8 as JSON, every string in it well-formed and without NUL. */
export const StorableJson = (max: number) =>
  check(
    'json',
    (value) => isStorableJson(JSON.stringify(value), max),
    `must be at most ${max} bytes of JSON, well-formed and without NUL`,
  );

const isStorableJson = (json: string | undefined, max: number) =>
  json !== undefined && Buffer.byteLength(json) <= max && !UNSTORABLE.test(json);

/** An address of the web. */
export const WebUrl = () =>
  check(
    'web-url',
    (value) => typeof value === 'string' && webUrl(value) !== undefined,
    'must be an address of the web such as https://example.com/',
  );

/** A currency that there is. */
export const Currency = () => check('currency', isCurrency, 'must be an ISO 4217 code such as EUR');

/** A moment: RFC 3339 with a zone, of a day that there is, in the years 1970 to 9999 of UTC. */
export const IsMoment = () =>
  check(
    'moment',
    (value) => typeof value === 'string' && readMoment(value) !== undefined,
    'must be a time such as 2026-01-31T12:00:00.000Z, in the years 1970 to 9999',
  );
