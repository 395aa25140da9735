import { toSafeMail } from '../../kit/safe-html/safe-html';
import { escapeHtml } from '../../kit/text/escape-html';

const BODY =
  'margin:0 auto;max-width:560px;padding:32px 16px;background:#fff;color:#111;font:16px/1.5 system-ui,sans-serif;word-break:break-word';

const END = '\n</body></html>\n';

/** The look of what is said by the way. */
export const SOFT = 'color:#5b6470;font-size:13px';

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
export const mailHtml = async (body: string, title: string, locale: string): Promise<string> =>
  `<!doctype html><html lang="${escapeHtml(locale)}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title></head>` +
  `<body style="${BODY}">\n${await toSafeMail(body)}${END}`;

/** The same page with more at its end. */
export const withEnd = (page: string, more: string): string => page.slice(0, -END.length) + more + END;
