/** Texts and numbers of a JSON document; what stands in a text is no number. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gis;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;
const SURE = 15; // digits that a double keeps, whatever they are
const LONGEST = 400; // what is written longer is not looked into

/**
 * Where a JSON text holds a number that a double does not keep (RFC 8259, 6): what is read would be another number. Undefined when all
 * are kept.
 */
export function lossyNumber(json: string): { at: number; length: number } | undefined {
  for (const { 0: token, index } of json.matchAll(TOKEN))
    if (isDoubtful(token) && !isKept(token)) return { at: index, length: token.length };
  return undefined;
}

const isDoubtful = (token: string): boolean => !token.startsWith('"') && (token.length > SURE || /e/i.test(token));

const isKept = (number: string): boolean =>
  number.length <= LONGEST && digitsOf(number) === digitsOf(String(Number(number)));

/** One spelling for each number, without its sign: 1.50e3 and 1500 are `15e2`. */
function digitsOf(number: string): string | undefined {
  const [, whole, fraction = '', exponent = '0'] = NUMBER.exec(number) ?? [];
  if (whole === undefined) return undefined; // Infinity
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return significant && `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
