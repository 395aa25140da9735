/** Where a link stands in a mail: as the whole address of a link, and as text by itself. `text` is what a reader sees. */
export type Placement = { asAddress: number; asText: number; text: string };

const SPACE = '[ \\t\\r\\n\\u00a0]';

/** By itself: mail programs make links of what looks like one, and take along whatever touches it. */
const countIn = (text: string, link: string): number => {
  const exactly = link.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const alone = new RegExp(`(?<=(?:^|${SPACE})["'(<[]?)${exactly}(?=["')>\\]]?[.,;:!?]?(?:$|${SPACE}))`, 'gu');
  return [...text.matchAll(alone)].length;
};

export const inText = (text: string, link: string): Placement => ({ asAddress: 0, asText: countIn(text, link), text });

/** The same in HTML as sanitize-html writes it: `<` and `>` are those of tags alone, and whatever is opened is closed. */
export function inHtml(html: string, link: string): Placement {
  const reader = new Reader(link);
  for (const [piece] of html.matchAll(/<[^>]*>|[^<]+/g)) reader.read(piece);
  return { asAddress: reader.asAddress, asText: countIn(reader.text, link), text: reader.text };
}

const BREAKS =
  /^(?:p|h[1-6]|br|hr|blockquote|pre|ul|ol|li|dl|dt|dd|figure|figcaption|table|caption|thead|tbody|tfoot|tr|th|td|div|center)$/;
const UNSEEN = /\bdisplay:none\b|\bfont(?:-size)?:(?:[^;]*[\s/])?(?:0+(?:\.0+)?|\.0+)(?:[a-z]+|%)?(?:[\s;/]|$)/i;

/** An open element. `elsewhere`: inside a link to something else. `link`: what had been seen when the link in question began. */
type Open = { breaks: boolean; unseen: boolean; elsewhere: boolean; link?: { text: number; pictures: number } };

class Reader {
  text = '';
  asAddress = 0;
  private pictures = 0;
  private readonly open: Open[] = [{ breaks: false, unseen: false, elsewhere: false }];

  constructor(private readonly link: string) {}

  read(piece: string): void {
    if (piece.startsWith('</')) this.close(this.open.pop()!);
    else if (piece.startsWith('<')) this.begin(piece, this.open.at(-1)!);
    else this.see(decoded(piece), this.open.at(-1)!);
  }

  private see(text: string, { unseen, elsewhere }: Open): void {
    if (!unseen) this.text += elsewhere ? text.replaceAll(this.link, '\0') : text;
  }

  private begin(piece: string, within: Open): void {
    const tag = /^<([a-z0-9]+)/.exec(piece)![1]!;
    const style = attribute(piece, 'style') ?? '';
    const href = tag === 'a' ? attribute(piece, 'href') : undefined;
    const breaks = BREAKS.test(tag) && !style.includes('display');
    const unseen = within.unseen || UNSEEN.test(style);
    const elsewhere = within.elsewhere || (href !== undefined && href !== this.link);
    if (breaks) this.text += '\n';
    if (tag === 'img' && !unseen) this.pictures++;
    if (piece.endsWith('/>')) return;
    const isLink = href === this.link && !elsewhere && !unseen;
    this.open.push({
      breaks,
      unseen,
      elsewhere,
      ...(isLink && { link: { text: this.text.length, pictures: this.pictures } }),
    });
  }

  private close({ breaks, link }: Open): void {
    if (link && (this.pictures > link.pictures || this.text.slice(link.text).trim())) this.asAddress++;
    if (breaks) this.text += '\n';
  }
}

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : decoded(found);
};

const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
