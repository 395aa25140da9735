import { faultInName, madeVisible } from '../../src/kit/text/visible';
import { House } from '../support/house';
import { named, operations, resolve, type Schema } from '../support/operations';
import { openPatient, TryOut } from '../support/try-out';

const INVISIBLE: [what: string, name: string][] = [
  ['a zero-width space', 'Ad\u200ba'],
  ['a word joiner', 'Ada\u2060'],
  ['a byte order mark', 'A\ufeffda'],
  ['a soft hyphen', 'A\u00adda'],
  ['a turn to the left', 'Ada \u202egpj.exe'],
  ['an embedding', '\u202aAda\u202c'],
  ['an isolate', '\u2066Ada\u2069'],
  ['a mark to the right', 'Ada\u200f'],
  ['a mark to the left', '\u200eAda'],
  ['an Arabic mark', 'A\u061cda'],
  ['a joiner between letters that do not join', 'A\u200dda'],
  ['a non-joiner between letters that do not join', 'A\u200cda'],
  ['two joiners', 'می\u200c\u200cخواهم'],
  ['a joiner at the end of emoji', '🙂\u200d'],
  ['a joiner between emoji and letter', '🙂\u200dA'],
  ['a selector behind a letter', 'Ada\ufe0f'],
  ['a selector behind a digit', '1\ufe0f2'],
  ['a tag', 'Ada\u{e0041}'],
  ['tags behind another emoji', '🙂\u{e0067}\u{e007f}'],
  ['a variant of a letter', 'A\u{e0100}da'],
  ['a grapheme joiner', 'A\u034fda'],
  ['an invisible operator', 'A\u2062da'],
  ['a note between lines', 'A\ufff9da'],
  ['a Hangul filler', '\u3164'],
  ['a half-wide filler', '\uffa0'],
  ['fillers of syllables', '\u115f\u1160'],
  ['zero-width spaces alone', '\u200b\u200b'],
];
const BLANK: [what: string, name: string][] = [
  ['a Braille blank', '\u2800'],
  ['an accent over nothing', '\u0301'],
  ['an object that is not there', '\ufffc'],
];
const VISIBLE = [
  'Ada Lovelace',
  'Zoë Müller-Lüdenscheidt',
  '👩‍👩‍👧‍👦 & 🏳️‍🌈',
  '👩🏽‍🚀 ⛹🏻‍♂️ ❤️‍🔥',
  '1️⃣ #️⃣ ☎︎',
  '🏴󠁧󠁢󠁳󠁣󠁴󠁿 Alba',
  '🇩🇪',
  'محمد بن سلمان',
  'علی\u200cرضا می\u200cخواهد',
  'שָׁלוֹם',
  'ශ්\u200dරී ලංකා',
  'क्\u200dष राम',
  'അവന്\u200d',
  '葛\u{e0100}城',
  '辻\ufe00',
  'ᠮᠣᠩᠭᠣᠯ\u180e\u1820',
  'ประเทศไทย',
  '한국',
  'Ω',
  '7',
  'ℵ₀',
];

test.each([...INVISIBLE, ...BLANK])('%s is no part of a name', (_, name) => {
  expect(faultInName(name)).toMatch(/^must hold /);
  expect(faultInName(madeVisible(name))).toBeUndefined();
});
test.each(VISIBLE)('%s is a name', (name) => {
  expect(faultInName(name)).toBeUndefined();
  expect(madeVisible(name)).toBe(name);
});

/** One line of text that is no secret: what people are to read. */
const isName = ({
  type,
  format,
  minLength,
  pattern,
  enum: values,
}: Schema & { minLength?: number; pattern?: string }) =>
  type === 'string' && minLength === 1 && !format && !pattern && !values;
const EXACT =
  'body html text to currentPassword password stripe flutterwave lemonsqueezy successUrl cancelUrl ' +
  'code codeVerifier idToken iss nonce redirectUri refreshToken state token';

describe('in every field of the contract that holds a name', () => {
  let house: House;
  let tryOut: TryOut;

  beforeAll(async () => {
    house = await openPatient();
    tryOut = await new TryOut(house).open();
  });
  afterAll(() => house.close());

  const fieldsOf = (schema: Schema | undefined, within = ''): string[] =>
    Object.entries(resolve(schema)?.properties ?? {}).flatMap(([name, property]) => {
      const field = resolve(property)!;
      if (field.type === 'array' && isName(field.items ?? {})) return [`${within}${name}[]`];
      if (field.type === 'array') return fieldsOf(field.items, `${within}${name}/0/`);
      if (field.type === 'object') return fieldsOf(field, `${within}${name}/`);
      return isName(field) && !EXACT.split(' ').includes(name) ? [`${within}${name}`] : [];
    });
  const taking = operations.filter(({ body }) => fieldsOf(body).length > 0);

  test('there are such fields', () => {
    const fields = taking.flatMap(({ id, body }) => fieldsOf(body).map((field) => `${id} ${field}`));
    for (const known of [
      'signUp name,signUp organizationName,updateUser name,createOrganization name,updateRole name,createPage title',
      'createPost tags[],updatePost seo/title,joinWaitlist name,sendEmail subject,updateMember extraRoles/0/role',
    ])
      expect(fields).toEqual(expect.arrayContaining(known.split(',')));
  });

  test.each(named(taking))('%s says what cannot be seen, and takes what can', async (_, operation) => {
    for (const field of fieldsOf(operation.body)) {
      const pointer = field.replace('[]', '');
      const sent = (name: string) => (field.endsWith('[]') ? [name] : name);
      const attempt = await tryOut.of(operation);
      for (const [name, reason] of [
        ['Owner\u202e', 'must hold no invisible character such as U+202E'],
        ['Ow\u200bner', 'must hold no invisible character such as U+200B'],
        ['\u3164', 'must hold no invisible character such as U+3164'],
        ['\u2800', 'must hold something that can be seen'],
      ] as const) {
        const { errors } = (await attempt.with(pointer, sent(name))).problem(422, 'validation-failed');
        expect(errors).toContainEqual({ pointer: `#/${pointer}`, detail: reason });
      }
      const { status, body } = await attempt.with(pointer, sent('علی\u200cرضا 👩‍🚀'));
      expect([
        field,
        status,
        (body.errors ?? []).filter((one: { detail: string }) => /invisible|seen/.test(one.detail)),
      ]).toEqual([field, status, []]);
    }
  });
});
