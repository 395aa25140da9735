/** Scripts whose letters a joiner or a non-joiner between them changes (UAX 31, 2.3.1), Persian's and Hindi's among them. */
const JOINED = [
  'Arabic Syriac Mandaic Nko Mongolian Phags_Pa Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam',
  'Sinhala Tibetan Myanmar Khmer Balinese Javanese',
].flatMap((line) => line.split(' ').map((script) => `\\p{Script_Extensions=${script}}`));

/** Where what cannot be seen shows in what can. */
const IN_PLACE = [
  `(?<=[${JOINED.join('')}])[\\u200c\\u200d]`,
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})', // a family of emoji
  '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]|(?<=[0-9#*])\\ufe0f(?=\\u20e3)', // in colour, a key
  '(?<=\\u{1f3f4})[\\u{e0020}-\\u{e007e}]{1,16}\\u{e007f}', // the flag of Scotland
  '(?<=\\p{Script=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]', // a variant of a character, as in Japanese names
  '(?<=\\p{Script=Mongolian})[\\u180b-\\u180f]',
].join('|');

/** Marks of direction, joints, fillers: all that a reader cannot see, and the marks of notes between lines. In place, or (not captured) amiss. */
const UNSEEN = new RegExp(`(${IN_PLACE})|[\\p{Default_Ignorable_Code_Point}\\ufff9-\\ufffb]`, 'gu');
const SEEN = /[^\p{Z}\p{Cc}\p{Cf}\p{Co}\p{M}\u2800\u{1d159}\ufffc]/u;

/** What is wrong with a name as a reader sees it, for it could be taken for another, or for none; undefined when nothing is. */
export function faultInName(name: string): string | undefined {
  for (const [unseen, inPlace] of name.matchAll(UNSEEN))
    if (inPlace === undefined) return `must hold no invisible character such as U+${codeOf(unseen)}`;
  return SEEN.test(name) || name === '' ? undefined : 'must hold something that can be seen';
}

/** A name without what is wrong with it; empty when nothing is left. */
export function madeVisible(name: string): string {
  const kept = name.replace(UNSEEN, (_, inPlace?: string) => inPlace ?? '').trim();
  return SEEN.test(kept) ? kept : '';
}

const codeOf = (character: string) => character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
