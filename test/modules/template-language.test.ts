import * as fc from 'fast-check';
import { ValidationFailed } from '../../src/kit/problem';
import { escapeHtml } from '../../src/kit/text/escape-html';
import { compile } from '../../src/mail/templates/email';
import { systemTemplate } from '../../src/mail/templates/system-template';
import { Template, type Values, type Variable } from '../../src/mail/templates/template';

const DECLARED: Variable[] = [
  { name: 'name', type: 'string' },
  { name: 'toString', type: 'string' },
  { name: 'isNew', type: 'boolean' },
  { name: 'isOld', type: 'boolean' },
];
const asIs = (text: string) => text;
const render = (source: string, values: Values = {}, escape = asIs) =>
  Template.parse(source, DECLARED, '#/text').render(values, escape, '#/variables');

/** What a template is refused for. */
function refusalOf(source: string): string {
  try {
    render(source);
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    const [{ pointer, detail }] = error.extras.errors as [{ pointer: string; detail: string }];
    expect(pointer).toBe('#/text');
    return detail;
  }
  return 'nothing';
}

test.each([
  ['text', 'a } b { c', 'a } b { c'],
  ['a name', 'Hi {{name}} and {{ name }}!', 'Hi Ada and Ada!'],
  ['a section', '{{#isNew}}new {{name}}{{/isNew}}{{#isOld}}old{{/isOld}}', 'new Ada'],
  ['an inverted section', '{{^isNew}}a{{/isNew}}{{^isOld}}b{{/isOld}}', 'b'],
  ['a comment', 'a{{! name, {{# and > }}b', 'ab'],
  ['three sections in one another', '{{#isNew}}{{#isNew}}{{^isOld}}x{{/isOld}}{{/isNew}}{{/isNew}}', 'x'],
  ['sections on lines of their own, which leave none', 'a\n{{#isNew}}\nb\n{{/isNew}}\nc', 'a\nb\nc'],
  ['a name without a value, even one that every object has', '[{{toString}}]', '[]'],
])('%s', (_, source, wanted) => {
  expect(render(source, { name: 'Ada', isNew: true })).toBe(wanted);
});

test.each([
  ['{{{name}}}', 'line 1, column 1: text is always escaped: write {{name}} with two braces'],
  ['\n  {{& name}}', 'line 2, column 3: text is always escaped: write {{name}} without &'],
  ['a\nb {{> other}}', 'line 2, column 3: a template cannot include another'],
  ['{{=<% %>=}}<% name %>', 'line 1, column 1: the delimiters stay {{ and }}'],
  ['{{nobody}}', 'line 1, column 1: "nobody" is not one of its variables: name, toString, isNew, isOld'],
  ['{{name.length}}', /"name.length" is not one/],
  ['{{.}}', /"\." is not one/],
  ['{{this}}', /"this" is not one/],
  ['{{__proto__}}', /"__proto__" is not one/],
  ['{{constructor}}', /"constructor" is not one/],
  ['{{#hasOwnProperty}}x{{/hasOwnProperty}}', /"hasOwnProperty" is not one/],
  ['{{}}', /"" is not one/],
  ['{{#name}}x{{/name}}', /"name" is a text: a section wants true or false/],
  ['{{isNew}}', /"isNew" is true or false: use it as/],
  ['{{#isNew}}x', /^line 1, column 12: unclosed section "isNew"/],
  ['x{{/isNew}}', /^line 1, column 2: unopened section "isNew"/],
  ['{{#isNew}}{{#isOld}}{{/isNew}}{{/isOld}}', /^line 1, column 21: unclosed section "isOld"/],
  ['{{name', 'line 1, column 1: this tag is not closed'],
  ['{{#isNew}}'.repeat(4) + '{{/isNew}}'.repeat(4), 'line 1, column 31: sections may be nested 3 deep'],
  ['{{#isNew}}'.repeat(6000), /unclosed section/],
  ['{{^isNew}}'.repeat(3000) + '{{/isNew}}'.repeat(3000), /sections may be nested 3 deep/],
  [`{{name${' '.repeat(60_000)}`, 'line 1, column 1: this tag is not closed'],
  [`{{name${' '.repeat(60_000)}}}`, 'line 1, column 1: a tag must be closed within 250 characters'],
  ['{{'.repeat(30_000), /this tag is not closed/],
  ['x'.repeat(65_537), 'must be at most 65536 bytes of UTF-8'],
  ['ä'.repeat(32_769), 'must be at most 65536 bytes of UTF-8'],
])('%# is refused, and it is said where', (source, wanted) => {
  expect(refusalOf(source)).toMatch(wanted);
});

/** A template as a tree, which a second renderer, three lines long, knows how to write. */
type Node = string | { name: string } | { when: string; is: boolean; inner: Node[] };
const plain = fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[{}\s]/g, '·'));
const leaf = fc.oneof(plain, fc.constantFrom({ name: 'name' }, { name: 'toString' }));
const nest = (inner: fc.Arbitrary<Node>): fc.Arbitrary<Node> =>
  fc.oneof(
    leaf,
    fc.record({
      when: fc.constantFrom('isNew', 'isOld'),
      is: fc.boolean(),
      inner: fc.array(inner, { maxLength: 4 }),
    }),
  );
const tree = fc.array(nest(nest(nest(leaf))), { maxLength: 6 });
const sourceOf = (node: Node): string => {
  if (typeof node === 'string') return node;
  if ('name' in node) return `{{${node.name}}}`;
  return `{{${node.is ? '#' : '^'}${node.when}}}${node.inner.map(sourceOf).join('')}{{/${node.when}}}`;
};
const meaningOf = (node: Node, values: Values): string => {
  if (typeof node === 'string') return node;
  if ('name' in node) return escapeHtml(String(values[node.name]));
  return values[node.when] === node.is ? node.inner.map((one) => meaningOf(one, values)).join('') : '';
};
const values = fc.record({
  name: fc.oneof(fc.string(), fc.constantFrom('{{name}}', '<b>{{{x}}}</b>', '__proto__', '{{#isNew}}')),
  toString: fc.string(),
  isNew: fc.boolean(),
  isOld: fc.boolean(),
});

test('whatever tree is written as a template means what the tree means; no value is read as a template', () => {
  fc.assert(
    fc.property(tree, values, (nodes, given) => {
      const meant = nodes.map((node) => meaningOf(node, given)).join('');
      expect(render(nodes.map(sourceOf).join(''), given, escapeHtml)).toBe(meant);
    }),
    { numRuns: 2000 },
  );
});

test('any text at all is either written or refused at a place in it, and pollutes nothing', () => {
  const tag = fc.constantFrom('{{', '}}', '{{{', '}}}', '#', '^', '/', '&', '>', '=', '!', ' ', '\n', 'name', 'isNew');
  const hostile = fc
    .array(fc.oneof(tag, fc.string({ maxLength: 3 })), { maxLength: 30 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(hostile, (source) => {
      expect(refusalOf(source)).toMatch(/^nothing$|^line \d+, column \d+: ./);
    }),
    { numRuns: 3000 },
  );
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a small template does not become a large mail', async () => {
  const wordings = { subject: 'x', text: '{{name}}'.repeat(8000), html: null };
  await expect(compile(wordings, DECLARED)({ name: 'x'.repeat(10_000) })).rejects.toThrow(ValidationFailed);
});

const HARMFUL =
  /<(script|style|iframe|object|embed|form|input|svg|math|base|link)\b|\son\w+\s*=|(javascript|vbscript|data)\s*:|url\(|position\s*:/i;

test.each([
  ['a script', '<script>alert({{name}})</script>', 'x'],
  ['a value without quotes around it', '<a href={{name}}>x</a>', 'x onclick=alert(1)'],
  ['a value that is an address', '<a href="{{name}}">x</a>', 'javascript:alert(1)'],
  ['a value that ends its attribute', '<p title="{{name}}">x</p>', '"><script>alert(1)</script>'],
  ['a value in a style', '<p style="{{name}}">x</p>', 'background:url(https://evil.example/x.png)'],
  ['something that covers all else', '<div style="position:fixed;top:0">{{name}}</div>', 'x'],
  ['a form', '<form action="https://evil.example"><input name="password" />{{name}}</form>', 'x'],
  ['a frame', '<iframe srcdoc="<script>alert(1)</script>"></iframe>{{name}}', 'x'],
  ['the end of the page', '</body></html><script>alert(1)</script>{{name}}', 'x'],
])('HTML is made safe after its values are in it: %s', async (_, html, name) => {
  const mail = await compile({ subject: 'x', text: 'x', html }, DECLARED)({ name });
  const body = mail.html.slice(mail.html.indexOf('<body'));
  expect(body).not.toMatch(HARMFUL);
  expect(body.match(/<\/body>/g)).toHaveLength(1);
});

test('a subject is one line, whatever its values hold', async () => {
  const { subject } = await compile(
    { subject: 'Hi {{name}}', text: 'x', html: null },
    DECLARED,
  )({
    name: 'Ada\r\nBcc: victim@evil.example\u2028\0',
  });
  expect(subject).toBe('Hi Ada Bcc: victim@evil.example');
});

test('a mail of the system is in the first language that it has words in, else in English', () => {
  const words = { en: { subject: 'Hi', lines: ['Hi {{name}}'] }, fr: { subject: 'Salut', lines: ['Salut {{name}}'] } };
  const template = systemTemplate('test-greeting', { about: 'account', examples: { name: 'Ada' }, words });
  const subjectIn = (...locales: string[]) => template.wordingIn(locales).wording.subject;
  expect([subjectIn('fr-CA', 'fr', 'en'), subjectIn('de', 'en'), subjectIn()]).toEqual(['Salut', 'Hi', 'Hi']);
  expect(() => systemTemplate('test-greeting', { about: 'account', examples: {}, words })).toThrow('Two templates');
  const wrong = { en: { subject: 'Hi', lines: ['{{nobody}}'] } };
  expect(() => systemTemplate('test-wrong', { about: 'account', examples: {}, words: wrong })).toThrow(
    ValidationFailed,
  );
});
