import { escapeHtml, SOFT } from './html';
import { compile, type Wording } from './letter';
import type { Values, Variable } from './template';

/** A line; or one that is there only when a variable is true (`late`) or is not (`^late`). */
type Line = string | readonly [when: string, line: string];

/** What a mail of the system says. Each part is a template; the HTML is made here. */
export type Letter = {
  subject: string;
  greeting?: string;
  lines: readonly Line[];
  action?: { label: string; url: string };
  footer?: string;
};

/** The same, by language. */
type Words = { en: Letter; [locale: string]: Letter };

type Loose<V> = { [Name in keyof V]: V[Name] extends boolean ? boolean : string };

/** A mail that the system sends by itself, in words that an organization may replace. */
export class SystemTemplate<V extends Values = Values> {
  readonly variables: Variable[];
  private readonly wordings: Map<string, Wording>;

  constructor(
    readonly key: string,
    /** Values such as the mail is written with. */
    readonly examples: V,
    words: Words,
    /** What the mail is good for nothing without: a wording must name these in its text. */
    readonly required: readonly string[],
  ) {
    this.variables = Object.entries(examples).map(([name, value]) => ({
      name,
      type: typeof value as Variable['type'],
    }));
    this.wordings = new Map(Object.entries(words).map(([locale, letter]) => [locale, wordingOf(letter)]));
    for (const wording of this.wordings.values()) compile(wording, this.variables); // a mistake of ours shows at start
  }

  /** The words in the first of these languages that there are any in, else in English. */
  wordingIn(locales: readonly string[]): { locale: string; wording: Wording } {
    const locale = locales.find((one) => this.wordings.has(one)) ?? 'en';
    return { locale, wording: this.wordings.get(locale)! };
  }
}

const known = new Map<string, SystemTemplate>();

/** Declares a mail of the system, beside the code that sends it. @throws Error when the key is taken */
export function systemTemplate<V extends Values>(
  key: string,
  { examples, words, required = [] }: { examples: V; words: Words; required?: (keyof V & string)[] },
): SystemTemplate<Loose<V>> {
  if (known.has(key)) throw new Error(`Two templates are called ${key}.`);
  const template = new SystemTemplate<Loose<V>>(key, examples as never, words, required);
  known.set(key, template as SystemTemplate);
  return template;
}

/** Every mail of the system, and one by its key. */
export const systemTemplates = (): SystemTemplate[] => [...known.values()];
export const systemTemplateOf = (key: string): SystemTemplate | undefined => known.get(key);

const paragraph = (words: string, look = '') => `<p style="margin:0 0 16px;${look}">${escapeHtml(words)}</p>`;
const BUTTON =
  'background:#1a56db;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none;display:inline-block';

function wordingOf({ subject, greeting = 'Hello,', lines, action, footer }: Letter): Wording {
  const written = (line: Line, write: (words: string) => string) =>
    typeof line === 'string' ? write(line) : sectionOf(line[0], write(line[1]));
  const all: readonly Line[] = [greeting, ...lines];
  const text = [
    ...all.map((line) => written(line, (words) => `${words}\n\n`)),
    ...(action ? [`${action.label}:\n${action.url}\n`] : []),
    ...(footer ? [`${action ? '\n' : ''}-- \n${footer}\n`] : []),
  ];
  const html = [
    ...all.map((line) => written(line, (words) => `${paragraph(words).replaceAll('\n', '<br />')}\n`)),
    ...(action ? [buttonOf(action)] : []),
    ...(footer ? [paragraph(footer, `${SOFT};border-top:1px solid #ddd;padding-top:16px`)] : []),
  ];
  return { subject, text: text.join(''), html: html.join('') };
}

const sectionOf = (when: string, inner: string): string => {
  const name = when.replace(/^\^/, '');
  return `{{${when.startsWith('^') ? '' : '#'}${when}}}\n${inner}{{/${name}}}\n`;
};

const buttonOf = ({ label, url }: NonNullable<Letter['action']>): string =>
  `<p style="margin:24px 0"><a href="${url}" style="${BUTTON}">${escapeHtml(label)}</a></p>\n` +
  `<p style="margin:0 0 16px;${SOFT}">Or copy this link: <span style="word-break:break-all">${url}</span></p>\n`;
