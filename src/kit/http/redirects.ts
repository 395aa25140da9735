import type { Config } from '../config';

/**
 * The page that a browser may be sent back to: on the origin of APP_URL, or on one of REDIRECT_ORIGINS; undefined for any other text
 * (RFC 9700, 4.11: no open redirectors). Pass on its `href`: others find another host in a URL with a backslash.
 */
export function allowedRedirect(
  text: string,
  { APP_URL, REDIRECT_ORIGINS }: Pick<Config, 'APP_URL' | 'REDIRECT_ORIGINS'>,
): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && [new URL(APP_URL).origin, ...REDIRECT_ORIGINS].includes(url.origin) ? url : undefined;
}
