import { randomBytes } from 'node:crypto';
import { ValidationFailed } from '../../kit/problem';
import { toSafeMail } from '../../kit/safe-html/safe-html';
import { escapeHtml } from '../../kit/text/escape-html';
import type { TemplateContent } from './email';
import { leadsSomewhere } from './names';
import { inHtml, inText, type Placement } from './placement';
import type { SystemTemplate } from './system-template';
import { Template, type Values } from './template';

/**
 * Refuses an organization's words for a mail of the system where they hide what the mail is good for, or where a link that is mailed
 * stands in anything but a link of its own: whoever writes the words is not to have it. What counts is what a reader gets, so the mail
 * is written with marks in place of the values that a case does not give, and looked through after it was made safe.
 * @throws ValidationFailed naming the part
 */
export async function requireSound(
  template: SystemTemplate,
  wording: TemplateContent,
  cases: Values[] = casesOf(template),
): Promise<void> {
  for (const given of cases) {
    const values = { ...marksFor(template), ...given };
    const render = (part: string, source: string, escape: (text: string) => string) =>
      Template.parse(source, template.variables, `#/${part}`).render(values, escape, `#/${part}`);

    const { subject, text, html } = wording;
    if (leadsSomewhere(render('subject', subject, String)))
      throw refused('#/subject', 'must hold no link, nor what looks like one');
    const plain = render('text', text, String);
    requireShown(template, values, '#/text', plain, (link) => inText(plain, link));
    if (html === null) continue;
    const raw = render('html', html, escapeHtml);
    const safe = await toSafeMail(raw);
    requireShown(template, values, '#/html', raw, (link) => inHtml(safe, link));
  }
}

function requireShown(
  { links, required }: SystemTemplate,
  values: Values,
  pointer: string,
  source: string,
  find: (text: string) => Placement,
): void {
  const looked = new Map([...links, ...required].map((name) => [name, find(String(values[name]))]));
  for (const name of links) {
    const { asAddress, asText } = looked.get(name)!;
    if (source.split(String(values[name])).length - 1 !== asAddress + asText)
      throw refused(
        pointer,
        `{{${name}}} may be the whole href of a link, or stand between blanks as text, and nowhere else`,
      );
  }
  for (const name of required) {
    const { asAddress, asText, text } = looked.get(name)!;
    if (links.includes(name) ? asAddress + asText === 0 : !text.includes(String(values[name])))
      throw refused(pointer, `must show {{${name}}} in every case: the mail is good for nothing without it`);
  }
}

/** What nobody can know before, and is not a part of anything else. Nothing in it needs escaping. */
const marksFor = ({ variables, links }: SystemTemplate): Record<string, string> =>
  Object.fromEntries(
    variables.map(({ name }) => {
      const mark = `x${randomBytes(12).toString('hex')}x`;
      return [name, links.includes(name) ? `https://${mark}.invalid/${mark}` : mark];
    }),
  );

/** Every way in which what a template asks about may be so or not. */
const casesOf = ({ variables }: SystemTemplate): Values[] =>
  variables
    .filter(({ type }) => type === 'boolean')
    .reduce<Values[]>(
      (cases, { name }) => cases.flatMap((one) => [true, false].map((is) => ({ ...one, [name]: is }))),
      [{}],
    );

/** What a mail is written with, but for its links: once its truths alone, once its texts too, for they may change what stands around. */
export const casesIn = ({ links }: SystemTemplate, values: Values): Values[] => {
  const entries = Object.entries(values).filter(([name]) => !links.includes(name));
  const truths = entries.filter(([, value]) => typeof value === 'boolean');
  return [truths, entries].map((given) => Object.fromEntries(given));
};

const refused = (pointer: string, detail: string) => new ValidationFailed({ errors: [{ pointer, detail }] });
