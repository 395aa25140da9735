/** The beginning of a text: at most `max` characters (UTF-16), the last of them `…` where something is missing. */
export const cut = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
