/** A slash, which JavaScript escapes in the source of any pattern, as its literals stand between slashes; and what else is escaped. */
const ESCAPED = /\\(.)/gs;

/**
 * A pattern as the contract shows it: nothing is escaped without need, since generators write it into languages of their own.
 * @throws Error for one with flags, which a contract cannot say
 */
export function plainPattern({ source, flags }: RegExp): string {
  if (flags !== '') throw new Error(`/${source}/${flags}: the contract has no word for flags`);
  return source.replace(ESCAPED, (pair, character) => (character === '/' ? '/' : pair));
}
