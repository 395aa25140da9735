const MAX_NAME = 60;

/** What a mail program may make a link of: a scheme, `//host`, a domain name or an address of any kind, a numbered host with a path. */
const LINK =
  /\S*(?:\/\/\S|\b(?:mailto|tel|sms):\S|\bwww\.|[\p{L}\p{N}][.。]\p{L}{2}|\b\d{1,3}(?:\.\d{1,3}){3}[:/])\S*/iu;
const LINKS = new RegExp(LINK, 'giu');

/** Line ends and whatever turns the direction of writing. */
const CONTROLS = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]+/gu;

/** What is said where a name cannot be, by the name of the variable. */
const INSTEAD: Record<string, string> = {
  name: 'there',
  person: 'Someone',
  inviter: 'Someone',
  organization: 'an organization',
  role: 'a member',
  plan: 'a plan',
};

/** Whether somebody may be led somewhere by a text, once a mail program has looked at it. */
export const leadsSomewhere = (text: string): boolean =>
  LINK.test(text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFKC'));

/**
 * A name as a mail of the system shows it, for strangers choose names: one line of at most 60 characters. What holds a link is no
 * name: neutral words stand in its place.
 */
export function shownName(variable: string, name: string): string {
  if (leadsSomewhere(name)) return INSTEAD[variable] ?? '…';
  const characters = [...name.replace(CONTROLS, ' ').trim()];
  return characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME - 1).join('')}…` : characters.join('');
}

/** A longer text of a stranger's, such as the name of a browser, without what may be a link. */
export const withoutLinks = (text: string): string => text.normalize('NFKC').replace(LINKS, '…');

/** What goes into a sentence of ours: each name as a mail shows it, any other text without links. */
export const shownNames = <P extends object>(params: P): P => {
  const show = (name: string, value: string) =>
    Object.hasOwn(INSTEAD, name) ? shownName(name, value) : withoutLinks(value);
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? show(name, value) : value]),
  ) as P;
};
