import { MAIL, PAGE } from './policies';

/** How large the HTML may become: a link definition used a thousand times is small as Markdown only. Characters. */
export const MAX_HTML = 1_000_000;

/** Both are loaded with the first text: a start need not wait for them. */
const sanitizer = () => require('sanitize-html') as typeof import('sanitize-html');
const markdownIt = () => require('markdown-it') as typeof import('markdown-it');
let markdown: ReturnType<typeof newParser> | undefined;

function newParser() {
  const parser = new (markdownIt())({ html: true, linkify: true });
  parser.validateLink = () => true; // one judge, below: a refused address would otherwise stay readable as text
  return parser;
}

/** Markdown (CommonMark, with tables) as HTML that is safe to show anyone; null when it grows too large. */
function page(source: string): string | null {
  const parser = (markdown ??= newParser());
  const tokens = parser.parse(source, {});
  if (sizeOf(tokens) > MAX_HTML) return null; // before it is written: the tokens share what they repeat
  const html = sanitizer()(parser.renderer.render(tokens, parser.options, {}), PAGE);
  return html.length > MAX_HTML ? null : html;
}

type Sized = { attrs: [string, string | number][] | null; content: string; children: Sized[] | null };

const sizeOf = (tokens: Sized[]): number =>
  tokens.reduce((sum, { attrs, content, children }) => {
    const own = (attrs ?? []).reduce((size, [, value]) => size + String(value).length, 0);
    return sum + own + (children ? sizeOf(children) : content.length);
  }, 0);

/** What is done to texts that may come from anyone, and may take long. */
export const JOBS = { page, mail: (body: string): string | null => sanitizer()(body, MAIL) };
export type Job = keyof typeof JOBS;
