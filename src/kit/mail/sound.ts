import { randomBytes } from 'node:crypto';
import { ValidationFailed } from '../errors/problem';
import { toSafeMail } from '../safe-html/safe-html';
import type { Wording } from './letter';
import { leadsSomewhere } from './names';
import { inHtml, inText, type Placement } from './placement';
import type { SystemTemplate } from './system-template';
import { Template, type Values } from './template';

type Truths = Record<string, boolean>;

/**
 * Refuses an organization's words for a mail of the system where they hide what the mail is good for, or where a link that is mailed
 * stands in anything but a link of its own: whoever writes the words is not to have it. What counts is what a reader gets, in each of
 * the cases, so the mail is written with marks for values and looked through after it was made safe.
 * @throws ValidationFailed naming the part
 */
export async function requireSound(
  template: SystemTemplate,
  wording: Wording,
  cases: Truths[] = casesOf(template),
): Promise<void> {
  for (const truths of cases) {
    const marks = Object.fromEntries(template.variables.map(({ name }) => [name, markFor(template, name)]));
    const values = { ...marks, ...truths };
    const render = (part: string, source: string) =>
      Template.parse(source, template.variables, `#/${part}`).render(values, String, `#/${part}`);

    const { subject, text, html } = wording;
    if (leadsSomewhere(render('subject', subject)))
      throw refused('#/subject', 'must hold no link, nor what looks like one');
    const plain = render('text', text);
    requireShown(template, marks, '#/text', plain, (mark) => inText(plain, mark));
    if (html === null) continue;
    const raw = render('html', html); // marks need no escaping
    const safe = await toSafeMail(raw);
    requireShown(template, marks, '#/html', raw, (mark) => inHtml(safe, mark));
  }
}

function requireShown(
  { links, required }: SystemTemplate,
  marks: Record<string, string>,
  pointer: string,
  source: string,
  find: (mark: string) => Placement,
): void {
  const looked = new Map([...links, ...required].map((name) => [name, find(marks[name]!)]));
  for (const name of links) {
    const { asAddress, asText } = looked.get(name)!;
    if (source.split(marks[name]!).length - 1 !== asAddress + asText)
      throw refused(
        pointer,
        `{{${name}}} may be the whole href of a link, or stand between blanks as text, and nowhere else`,
      );
  }
  for (const name of required) {
    const { asAddress, asText, text } = looked.get(name)!;
    if (links.includes(name) ? asAddress + asText === 0 : !text.includes(marks[name]!))
      throw refused(pointer, `must show {{${name}}} in every case: the mail is good for nothing without it`);
  }
}

/** Nobody can know it before, and it is not a part of anything else. */
const markFor = ({ links }: SystemTemplate, name: string) => {
  const mark = `x${randomBytes(12).toString('hex')}x`;
  return links.includes(name) ? `https://${mark}.invalid/${mark}` : mark;
};

/** Every way in which what a template asks about may be so or not. */
const casesOf = ({ variables }: SystemTemplate): Truths[] =>
  variables
    .filter(({ type }) => type === 'boolean')
    .reduce<Truths[]>(
      (cases, { name }) =>
        cases.flatMap((one) => [
          { ...one, [name]: true },
          { ...one, [name]: false },
        ]),
      [{}],
    );

/** The case that a mail is written in. */
export const truthsIn = (values: Values): Truths =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  );

const refused = (pointer: string, detail: string) => new ValidationFailed({ errors: [{ pointer, detail }] });
