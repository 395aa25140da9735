import { SOFT } from './html';
import { escapeHtml } from '../../kit/text/escape-html';
import { compile, type TemplateContent } from './email';
import { Link } from './links';
import { shownName } from './names';
import type { Values, Variable } from './template';

/** A line; or one that is there only when a variable is true (`late`) or is not (`^late`). */
type Line = string | readonly [when: string, line: string];

/** What a mail of the system says. Each part is a template; the HTML is made here. */
export type Email = {
  subject: string;
  greeting?: string;
  lines: readonly Line[];
  action?: { label: string; url: string };
  footer?: string;
};

/** The same, by language. */
type Words = { en: Email; [locale: string]: Email };

/** Whom a mail is about. About an account it is in our words for ever: who words it could have the account. */
export const ABOUT = ['account', 'organization'] as const;
export type About = (typeof ABOUT)[number];

/** What a mail is written with: texts, truths, and links, which are no texts. */
export type Given = Readonly<Record<string, string | boolean | Link>>;
type Loose<V> = { [Name in keyof V]: V[Name] extends boolean ? boolean : V[Name] extends Link ? Link : string };
type NameOf<V> = keyof V & string;

export type Declaration<V, A extends About> = {
  about: A;
  /** Values such as the mail is written with. */
  examples: V;
  words: Words;
  /** What the mail is good for nothing without: other words must show these. */
  required?: NameOf<V>[];
  /** Texts that are sentences of ours, or long for another reason, and hold no links. Every other is shown as a name. */
  sentences?: NameOf<V>[];
};

/** A mail that the system sends by itself. An organization may replace the words of those that are about it. */
export class SystemTemplate<V extends Given = Given, A extends About = About> {
  readonly about: A;
  readonly examples: Values;
  readonly variables: Variable[];
  /** The variables that carry a link. */
  readonly links: readonly string[];
  readonly required: readonly string[];
  private readonly sentences: readonly string[];
  private readonly wordings: Map<string, TemplateContent>;

  constructor(
    readonly key: string,
    { about, examples, words, required = [], sentences = [] }: Declaration<V, A>,
  ) {
    this.about = about;
    this.links = Object.keys(examples).filter((name) => examples[name] instanceof Link);
    this.required = required;
    this.sentences = sentences;
    this.examples = this.shown(examples);
    this.variables = Object.entries(this.examples).map(([name, value]) => ({
      name,
      type: typeof value as Variable['type'],
    }));
    this.wordings = new Map(Object.entries(words).map(([locale, letter]) => [locale, wordingOf(letter)]));
    for (const wording of this.wordings.values()) compile(wording, this.variables); // a mistake of ours shows at start
  }

  /** The words in the first of these languages that there are any in, else in English. */
  wordingIn(locales: readonly string[]): { locale: string; wording: TemplateContent } {
    const locale = locales.find((one) => this.wordings.has(one)) ?? 'en';
    return { locale, wording: this.wordings.get(locale)! };
  }

  /** The values as a mail shows them: what a stranger may have chosen is no more than a name. */
  shown(values: V): Values {
    const show = (name: string, value: string | boolean | Link) => {
      if (value instanceof Link) return value.href;
      return typeof value === 'boolean' || this.sentences.includes(name) ? value : shownName(name, value);
    };
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, show(name, value)]));
  }
}

const known = new Map<string, SystemTemplate>();

/** Declares a mail of the system, beside the code that sends it. @throws Error when the key is taken */
export function systemTemplate<V extends Given, A extends About>(
  key: string,
  declaration: Declaration<V, A>,
): SystemTemplate<Loose<V>, A> {
  if (known.has(key)) throw new Error(`Two templates are called ${key}.`);
  const template = new SystemTemplate<Loose<V>, A>(key, declaration as never);
  known.set(key, template as never);
  return template;
}

/** Every mail of the system, and one by its key. */
export const systemTemplates = (): SystemTemplate[] => [...known.values()];
export const systemTemplateOf = (key: string): SystemTemplate | undefined => known.get(key);

const paragraph = (words: string, look = '') => `<p style="margin:0 0 16px;${look}">${escapeHtml(words)}</p>`;
const BUTTON =
  'background:#1a56db;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none;display:inline-block';

function wordingOf({ subject, greeting = 'Hello,', lines, action, footer }: Email): TemplateContent {
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

const buttonOf = ({ label, url }: NonNullable<Email['action']>): string =>
  `<p style="margin:24px 0"><a href="${url}" style="${BUTTON}">${escapeHtml(label)}</a></p>\n` +
  `<p style="margin:0 0 16px;${SOFT}">Or copy this link: <span style="word-break:break-all">${url}</span></p>\n`;
