/** One element: its name, its attributes, its elements, and its own text. */
export type Xml = { name: string; attributes: Record<string, string>; elements: Xml[]; text: string };

const TOKEN = /<\/([\w:]+)\s*>|<([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const UNSAYABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Reads XML 1.0 as strictly as a feed reader may: without DTD, comments and CDATA, of which we write none. @throws Error where it is not well-formed */
export function readXml(source: string): Xml {
  const body = /^<\?xml version="1\.0" encoding="utf-8"\?>\n([\s\S]*)$/.exec(source)?.[1];
  if (body === undefined || UNSAYABLE.test(body))
    throw new Error('No XML declaration, or a character that XML has not.');
  const root: Xml = { name: '', attributes: {}, elements: [], text: '' };
  const open = [root];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < body.length;) {
    const at = TOKEN.lastIndex;
    const [token, closing, opening, attributes = '', empty, text] = TOKEN.exec(body) ?? [];
    if (!token) throw new Error(`Not well-formed: ${body.slice(at, at + 80)}`);
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += unescape(text);
    else if (closing !== undefined) {
      if (open.pop()!.name !== closing) throw new Error(`</${closing}> closes <${parent.name}>`);
    } else {
      const element = { name: opening!, attributes: attributesOf(attributes), elements: [], text: '' };
      parent.elements.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1 || root.elements.length !== 1) throw new Error('Not one closed root element.');
  return root.elements[0]!;
}

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name, value]) => [name, unescape(value!)]));

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescape = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+))?;?/g, (entity, code?: string, name?: string) => {
    const char = code ? String.fromCodePoint(Number(code)) : NAMED[name ?? ''];
    if (char === undefined || !entity.endsWith(';')) throw new Error(`Not an entity: ${entity}`);
    return char;
  });
