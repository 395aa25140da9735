import type { IOptions } from 'sanitize-html';
import { ValidationFailed } from '../errors/problem';

/** How large the HTML may become: a link definition used a thousand times is small as Markdown only. Characters. */
const MAX_HTML = 1_000_000;

/** Both are loaded with the first text: a start need not wait for them. */
const sanitizer = () => require('sanitize-html') as typeof import('sanitize-html');
const markdownIt = () => require('markdown-it') as typeof import('markdown-it');
let markdown: ReturnType<typeof newParser> | undefined;

function newParser() {
  const parser = new (markdownIt())({ html: true, linkify: true });
  parser.validateLink = () => true; // one judge, below: a refused address would otherwise stay readable as text
  return parser;
}

/** HTML without what the options do not name. */
export const sanitize = (html: string, options: IOptions): string => sanitizer()(html, options);

const TAGS = [
  'h1 h2 h3 h4 h5 h6 p br hr blockquote pre ul ol li dl dt dd',
  'a img figure figcaption strong b em i s del ins mark sub sup code kbd',
  'table caption thead tbody tfoot tr th td',
].flatMap((line) => line.split(' '));

/** What may be in a text that strangers read. Nothing that runs, loads a frame, styles, or names an element. */
export const SAFE_HTML: IOptions = {
  allowedTags: TAGS,
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    ol: ['start'],
    th: ['colspan', 'rowspan'],
    td: ['colspan', 'rowspan'],
  },
  allowedClasses: { code: [/^language-[\w+#.-]{1,40}$/] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowProtocolRelative: false,
  nestingLimit: 100,
  transformTags: { a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener nofollow' } }) },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs.src,
};

/** Markdown (CommonMark, with tables) as HTML that is safe to show anyone. @throws ValidationFailed at `pointer` when it grows too large */
export function toSafeHtml(source: string, pointer: string): string {
  const parser = (markdown ??= newParser());
  const tokens = parser.parse(source, {});
  if (sizeOf(tokens) > MAX_HTML) throw tooLarge(pointer); // before it is written: the tokens share what they repeat
  const html = sanitize(parser.renderer.render(tokens, parser.options, {}), SAFE_HTML);
  if (html.length > MAX_HTML) throw tooLarge(pointer);
  return html;
}

type Sized = { attrs: [string, string | number][] | null; content: string; children: Sized[] | null };

const sizeOf = (tokens: Sized[]): number =>
  tokens.reduce((sum, { attrs, content, children }) => {
    const own = (attrs ?? []).reduce((size, [, value]) => size + String(value).length, 0);
    return sum + own + (children ? sizeOf(children) : content.length);
  }, 0);

const tooLarge = (pointer: string) =>
  new ValidationFailed({ errors: [{ pointer, detail: `must not become more than ${MAX_HTML} characters of HTML` }] });
