/** What looks like a Latin letter (UTS 39, 4), by that letter. The capitals are those whose small letters look like others. */
const LOOKALIKES: Record<string, string> = {
  a: 'аАαΑɑᴀ',
  b: 'ВвΒβʙ',
  c: 'сСϲᴄ',
  d: 'ԁᴅɗ',
  e: 'еЕεΕᴇҽ',
  f: 'ꜰƒ',
  g: 'ɡɢց',
  h: 'һНнΗʜհ',
  i: 'іІιΙıɩɪӏӀlL|1',
  j: 'јЈϳᴊ',
  k: 'кКκΚᴋ',
  m: 'мМΜᴍ',
  n: 'ηΝɴոпռ',
  o: 'оОοΟσᴏօ0',
  p: 'рРρΡᴘ',
  q: 'ԛԚգ',
  r: 'гʀᴦ',
  s: 'ѕЅꜱ',
  t: 'тТτΤᴛ',
  u: 'υսᴜ',
  v: 'νѵᴠ',
  w: 'ωѡԝԜᴡա',
  x: 'хХχΧ',
  y: 'уУγΥʏү',
  z: 'ᴢΖ',
};
const LETTERS = new Map(
  Object.entries(LOOKALIKES).flatMap(([letter, others]) => [...others].map((one) => [one, letter])),
);

/** What a reader takes a name for: two that have this in common are told apart by a machine only. */
export function likenessOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/[\u0300-\u036f\p{Default_Ignorable_Code_Point}]/gu, '');
  const latin = [...plain].map((character) => LETTERS.get(character) ?? character).join('');
  return latin.toLowerCase().replace(/\s+/g, ' ').replaceAll('rn', 'm').replaceAll('vv', 'w').normalize();
}
