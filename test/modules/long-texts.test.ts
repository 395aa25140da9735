import { setImmediate as turn } from 'node:timers/promises';
import { compile, written } from '../../src/mail/templates/email';
import { MAX_SOURCE } from '../../src/mail/templates/template';
import { toSafeHtml } from '../../src/kit/safe-html/safe-html';
import { House } from '../support/house';

/** How often the event loop goes round while something is done: once or twice if it is done on it, however fast the machine is. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  const seen = { turns: 0, done: false };
  const watch = async () => {
    for (; !seen.done; seen.turns++) await turn();
  };
  const watching = watch();
  await work.finally(() => (seen.done = true));
  await watching;
  return seen.turns;
}

const upTo = (length: number, text: string) => text.repeat(Math.ceil(length / text.length)).slice(0, length);

const MARKDOWN = [
  '![a',
  '[',
  '*a_b',
  '<b>',
  '- a\n',
  'http://a.b ',
  'a@b.c ',
  '|a|b|\n|-|-|\n',
  'Plain words, *one* [link](/x).\n\n',
];
const HTML = ['<b>', '<p style="color:red">', '<p style="}">', '<div>', '<a href="x">a</a>', '&', '<img src=x>'];

test.each(MARKDOWN)('100,000 characters of %j are made HTML beside the event loop, not on it', async (piece) => {
  expect(await turnsDuring(toSafeHtml(upTo(100_000, piece), '#/body'))).toBeGreaterThan(20);
});

test.each(HTML)('a mail full of %j is made safe beside the event loop, by a template or not', async (piece) => {
  const wording = { subject: 'x', text: 'x', html: upTo(MAX_SOURCE, piece) };
  expect(await turnsDuring(written(wording))).toBeGreaterThan(20);
  expect(await turnsDuring(compile(wording, [])({}))).toBeGreaterThan(20);
});

test('what is made beside the loop is what is made on it', async () => {
  const short = '# A\n\nIt **flies**, <b onclick="x()">see</b> [here](javascript:x).\n\n';
  expect(await toSafeHtml(short.repeat(200), '#/body')).toBe((await toSafeHtml(short, '#/body')).repeat(200));
});

test('a long text that grows too large is refused at its field, and the next one is made', async () => {
  const house = await House.open();
  const ada = await house.owner();
  const save = (slug: string, body: string) => ada.post('/organizations/:org/pages', { slug, title: 'A page', body });
  const bomb = `[a]: https://a.example/${'x'.repeat(20_000)}\n\n${'[a] '.repeat(10_000)}`;
  const [refused, taken] = await Promise.all([save('bomb', bomb), save('long', upTo(100_000, 'It *flies*.\n\n'))]);
  expect(refused.problem(422, 'validation-failed').errors).toEqual([
    { pointer: '#/body', detail: 'must not become more than 1000000 characters of HTML' },
  ]);
  expect(taken.expect(201).bodyHtml).toContain('<p>It <em>flies</em>.</p>');
  await house.close();
});
