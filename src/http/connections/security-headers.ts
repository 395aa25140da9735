import type { Config } from '../../config/config';

/** For all that is no page: nothing may be loaded, sent or framed. A page has a policy of its own beside it. */
const API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What every answer carries, also those that no route gives (ASVS 3.4.1, 3.4.3 to 3.4.6). */
export const securityHeaders = ({ NODE_ENV }: Pick<Config, 'NODE_ENV'>): Record<string, string> => ({
  'Content-Security-Policy': API_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  ...(NODE_ENV === 'production' ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {}),
});
