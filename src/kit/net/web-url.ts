const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The rule for every URL that comes from outside, in a setting as in a body: absolute, of the web, and without a user in it; undefined for
 * any other text. So nothing that runs (`javascript:`, `data:`), and nothing that borrows the origin of what it wraps (`blob:`).
 * Pass on its `href`: others find another host in a URL with a backslash.
 */
export function webUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined;
}

/** Whether a URL, of any scheme, leads to this very machine. */
export const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname);

/**
 * The page that a browser may be sent back to: on the origin of APP_URL, or on one of REDIRECT_ORIGINS; undefined for any other text
 * (RFC 9700, 4.11: no open redirectors).
 */
export function allowedRedirect(
  text: string,
  { APP_URL, REDIRECT_ORIGINS }: { APP_URL: string; REDIRECT_ORIGINS: string[] },
): URL | undefined {
  const url = webUrl(text);
  return url && [new URL(APP_URL).origin, ...REDIRECT_ORIGINS].includes(url.origin) ? url : undefined;
}
