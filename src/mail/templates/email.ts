import { mailHtml, paragraphs, SOFT, withEnd } from './html';
import { escapeHtml } from '../../kit/text/escape-html';
import { Template, type Values, type Variable } from './template';

/** The parts of a mail, as templates. `html` is what stands in the body of the page; null: it is made of the text. */
export type TemplateContent = { subject: string; text: string; html: string | null };
export type RenderedEmail = { subject: string; text: string; html: string };

const MAX_SUBJECT = 500;
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g; // a line end in a subject would begin another header
const asIs = (text: string) => text;

/**
 * Reads a wording; what comes back writes the mail with values in place.
 * @throws ValidationFailed naming the part, the line and the column; when written, also for values that make it too large
 */
export function compile(
  { subject, text, html }: TemplateContent,
  declared: readonly Variable[],
  locale = 'en',
): (values: Values) => Promise<RenderedEmail> {
  const parts = {
    subject: Template.parse(subject, declared, '#/subject'),
    text: Template.parse(text, declared, '#/text'),
    html: html === null ? null : Template.parse(html, declared, '#/html'),
  };
  return async (values) => {
    const title = parts.subject.render(values, asIs, '#/variables').replace(CONTROLS, ' ').trim().slice(0, MAX_SUBJECT);
    const plain = parts.text.render(values, asIs, '#/variables');
    const body = parts.html?.render(values, escapeHtml, '#/variables') ?? paragraphs(plain);
    return { subject: title, text: plain, html: await mailHtml(body, title, locale) };
  };
}

/** The same for words without a template in them. */
export const written = async ({ subject, text, html }: TemplateContent, locale = 'en'): Promise<RenderedEmail> => ({
  subject: subject.replace(CONTROLS, ' ').trim(),
  text,
  html: await mailHtml(html ?? paragraphs(text), subject, locale),
});

const SIGNATURE = '-- \n';

/** The same mail, signed with the name of the product: whoever reads it knows what it is about. */
export const signed = ({ subject, text, html }: RenderedEmail, product: string): RenderedEmail => ({
  subject,
  text: `${text.trimEnd()}\n${text.includes(`\n${SIGNATURE}`) ? '' : `\n${SIGNATURE}`}${product}\n`,
  html: withEnd(html, `<p style="margin:16px 0 0;${SOFT}">${escapeHtml(product)}</p>`),
});

/** The same mail with a link at its end. */
export const withFooter = ({ subject, text, html }: RenderedEmail, label: string, url: string): RenderedEmail => ({
  subject,
  text: `${text.trimEnd()}\n\n-- \n${label}: ${url}\n`,
  html: withEnd(html, `<p style="margin:32px 0 0;${SOFT}"><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`),
});
