import { applyDecorators, type Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type as Nested } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import {
  Address,
  AddressOrId,
  AsSent,
  CharacterCount,
  Currency,
  IsMoment,
  PasswordForm,
  Plain,
  StorableJson,
  Trimmed,
  WebUrl,
  Wellformed,
} from './checks';
import { plainPattern } from './pattern';

/** What any field may say about itself beyond its type. `optional`: need not be sent. `nullable`: may be null. */
export type FieldOptions = { optional?: boolean; nullable?: boolean; description?: string; example?: unknown };

/** One property of a public shape: its check (class-validator), its documentation (OpenAPI) and its way out (the serializer) in one. */
export function field(
  schema: ApiPropertyOptions,
  checks: PropertyDecorator[],
  { optional, nullable, ...about }: FieldOptions,
) {
  const skipped = ValidateIf((_, value) => !(value === undefined && optional) && !(value === null && nullable));
  const described = {
    ...schema,
    ...about,
    required: !optional,
    ...(nullable ? { nullable, ...('enum' in schema && { enum: [...(schema.enum as string[]), null] }) } : {}),
  } as ApiPropertyOptions;
  return applyDecorators(ApiProperty(described), ...checks, skipped);
}

const MAX_AMOUNT = 1e15; // below what a number keeps to the letter
const EXAMPLE_ID = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUIDv7 in lower case. */
export const IdField = (options: FieldOptions = {}) =>
  field(
    { type: String, format: 'uuid', example: EXAMPLE_ID },
    [IsString(), Matches(ID, { message: 'must be a UUID in lower case' })],
    options,
  );

/** One mailbox: dot-atom@dns-name, at most 254 characters, brought to lower case. */
export const EmailField = (options: FieldOptions = {}) =>
  field({ type: String, format: 'email', maxLength: 254, example: 'ada@example.com' }, [Address()], options);

/** A person: an id, or a mailbox as in EmailField. */
export const RecipientField = (options: FieldOptions = {}) =>
  field({ type: String, minLength: 1, maxLength: 254, example: 'ada@example.com' }, [AddressOrId()], options);

/** One line of text for people: trimmed, without control characters and whatever cannot be seen. */
export const NameField = (options: FieldOptions & { max?: number } = {}) => {
  const { max = 120, ...rest } = options;
  return field(
    { type: String, minLength: 1, maxLength: max, example: 'Ada Lovelace' },
    [Trimmed(), IsString(), Plain(), CharacterCount(1, max)],
    rest,
  );
};

/** Text of any kind, kept to the letter. */
export const TextField = (options: FieldOptions & { min?: number; max: number; pattern?: RegExp; rule?: string }) => {
  const { min = 0, max, pattern, rule, ...rest } = options;
  const checks = [
    IsString(),
    Wellformed(),
    CharacterCount(min, max),
    ...(pattern ? [Matches(pattern, { message: rule })] : []),
  ];
  return field(
    { type: String, minLength: min, maxLength: max, ...(pattern ? { pattern: plainPattern(pattern) } : {}) },
    checks,
    rest,
  );
};

/** An address of the web: see webUrl. */
export const UrlField = (options: Parameters<typeof TextField>[0]) => applyDecorators(WebUrl(), TextField(options));

/** A language, what it is narrowed by, extensions (`-u-mu-celsius`), private use (`-x-acme`). */
const TAG = /^[a-z]{2,3}(-[A-Za-z\d]{2,8})*(-[A-WY-Za-wy-z\d](-[A-Za-z\d]{2,8})+)*(-[Xx](-[A-Za-z\d]{1,8})+)?$/;

/** A language tag (BCP 47: RFC 5646, 2.1), its language in lower case. */
export const LocaleField = (options: FieldOptions = {}) =>
  applyDecorators(
    Matches(TAG, { message: 'must be a language tag such as en, pt-BR or en-US-u-mu-celsius' }),
    TextField({ min: 2, max: 35, example: 'en', ...options }),
  );

/** A secret that was mailed or handed out: opaque, 1 to `max` characters. */
export const TokenField = (options: FieldOptions & { max?: number } = {}) => {
  const { max = 512, ...rest } = options;
  return field(
    { type: String, minLength: 1, maxLength: max },
    [IsString(), Wellformed(), CharacterCount(1, max)],
    rest,
  );
};

/** A new password: 8 to 256 characters of any kind, counted in NFC (NIST SP 800-63B-4, 3.1.1.2). Its quality is checked elsewhere. */
export const PasswordField = (options: FieldOptions = {}) =>
  field(
    { type: String, format: 'password', minLength: 8, maxLength: 256, example: 'correct horse battery staple' },
    [PasswordForm(), IsString(), Wellformed(), CharacterCount(8, 256)],
    options,
  );

/** A password that there is, as it is typed: in a form other than NFC, 256 characters are up to four times as many. */
export const KnownPasswordField = (options: FieldOptions = {}) =>
  TextField({ min: 1, max: 1024, example: 'correct horse battery staple', ...options });

/** One of the values given. */
export const EnumField = (values: readonly string[], options: FieldOptions = {}) =>
  field({ type: String, enum: [...values], example: values[0] }, [IsIn(values as string[])], options);

/** A whole number from `min` to `max`, in a query too. */
export const IntegerField = ({ min, max, ...rest }: FieldOptions & { min: number; max: number }) =>
  field(
    { type: 'integer', minimum: min, maximum: max, example: min },
    [Nested(() => Number), IsInt(), Min(min), Max(max)],
    rest,
  );

/** A whole number in a body, where `true` is none; in a query all is text: see IntegerField. */
export const CountField = ({ min, max, ...rest }: FieldOptions & { min: number; max: number }) =>
  field({ type: 'integer', minimum: min, maximum: max, example: min }, [IsInt(), Min(min), Max(max)], rest);

/** Minor units of a currency. */
export const AmountField = (options: FieldOptions & { min?: number; max?: number } = {}) =>
  CountField({ min: 0, max: MAX_AMOUNT, example: 1900, ...options });

/** An ISO 4217 code, upper case. */
export const CurrencyField = (options: FieldOptions = {}) =>
  field({ type: String, pattern: '^[A-Z]{3}$', example: 'EUR' }, [Currency()], options);

/** true or false. */
export const BooleanField = (options: FieldOptions = {}) =>
  field({ type: Boolean, example: true }, [IsBoolean()], options);

/** A moment: RFC 3339, UTC, milliseconds on the way out. */
export const TimeField = (options: FieldOptions = {}) =>
  field({ type: String, format: 'date-time', example: '2026-01-31T12:00:00.000Z' }, [IsMoment()], options);

/** A JSON object of the client's own, at most `max` bytes as JSON. */
export const JsonField = ({ max = 16_384, ...rest }: FieldOptions & { max?: number } = {}) =>
  field(
    { type: Object, additionalProperties: true, example: { theme: 'dark' } },
    [AsSent(), IsObject(), StorableJson(max)],
    rest,
  );

/** Any JSON value, at most `max` bytes as JSON. Its schema has no type: see `correctSchemas`. */
export const AnyField = ({ max, ...rest }: FieldOptions & { max: number }) =>
  field({ 'x-any': true, example: { theme: 'dark' } } as ApiPropertyOptions, [AsSent(), StorableJson(max)], rest);

/** Another shape. (Nest knows a lazy type by the name of the function, which must be `type`.) */
export const ShapeField = (shape: () => Type, options: FieldOptions = {}) =>
  field({ type: () => shape() }, [IsObject(), ValidateNested(), Nested(shape)], options);

/** A list of another shape, none of them a list itself. */
export const ListField = (shape: () => Type, options: FieldOptions & { max?: number } = {}) => {
  const { max = 100, ...rest } = options;
  return field(
    { type: () => shape(), isArray: true, maxItems: max },
    [IsArray(), ArrayMaxSize(max), IsObject({ each: true }), ValidateNested({ each: true }), Nested(shape)],
    rest,
  );
};

/** A list of strings, each one of `values` or, without them, a name of 1 to 120 characters; no string twice. */
export const StringsField = (options: FieldOptions & { values?: readonly string[]; max?: number } = {}) => {
  const { values, max = 100, ...rest } = options;
  const item = values
    ? [IsIn(values as string[], { each: true })]
    : [IsString({ each: true }), Plain({ each: true }), CharacterCount(1, 120, { each: true })];
  const schema = {
    type: 'array',
    items: values ? { type: 'string', enum: [...values] } : { type: 'string', minLength: 1, maxLength: 120 },
    maxItems: max,
  };
  return field(schema as ApiPropertyOptions, [IsArray(), ArrayMaxSize(max), ArrayUnique(), ...item], rest);
};
