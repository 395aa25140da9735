import type { IOptions } from 'sanitize-html';
import { SAFE_HTML, sanitize } from '../safe-html/safe-html';

/** What a mail may look like. Nothing that is fetched but images, nothing that covers something else. */
const LOOKS =
  'color background background-color font font-family font-size font-style font-weight line-height letter-spacing text-align ' +
  'text-decoration text-transform vertical-align white-space word-break width max-width height display ' +
  'margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left ' +
  'border border-top border-right border-bottom border-left border-radius border-collapse border-color list-style';
const LOOK = /^(?!.*(?:url|expression|image)\s*\()[\w\s#%(),.'"/-]{1,120}$/i;

const ALLOWED: IOptions = {
  ...SAFE_HTML,
  allowedTags: [...(SAFE_HTML.allowedTags as string[]), 'div', 'span', 'center'],
  allowedAttributes: {
    ...(SAFE_HTML.allowedAttributes as Record<string, string[]>),
    '*': ['style', 'align', 'dir', 'lang'],
    table: ['width', 'border', 'cellpadding', 'cellspacing', 'role'],
    td: ['colspan', 'rowspan', 'width', 'valign'],
  },
  allowedClasses: {},
  allowedStyles: { '*': Object.fromEntries(LOOKS.split(' ').map((name) => [name, [LOOK]])) },
};

const BODY =
  'margin:0 auto;max-width:560px;padding:32px 16px;background:#fff;color:#111;font:16px/1.5 system-ui,sans-serif;word-break:break-word';

const END = '\n</body></html>\n';

/** The look of what is said by the way. */
export const SOFT = 'color:#5b6470;font-size:13px';

/** Text as HTML shows it, also between quotes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** Plain text as HTML: a blank line ends a paragraph. */
export const paragraphs = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => `<p style="margin:0 0 16px">${escapeHtml(part).replaceAll('\n', '<br />')}</p>`)
    .join('\n');

/**
 * The HTML of a mail. `body` may come from anyone: what runs, frames, or loads anything but an image is taken out of it, after its
 * values are in place, since only then it shows what they make of an attribute.
 */
export const mailHtml = (body: string, title: string, locale: string): string =>
  `<!doctype html><html lang="${escapeHtml(locale)}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title></head>` +
  `<body style="${BODY}">\n${sanitize(body, ALLOWED)}${END}`;

/** The same page with more at its end. */
export const withEnd = (page: string, more: string): string => page.slice(0, -END.length) + more + END;
