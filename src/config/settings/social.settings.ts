import { makeValidator, str } from 'envalid';
import { isLoopback, webUrl } from '../../kit/net/web-url';

const WANTED = 'an https:// URL without query; http:// on loopback, outside production';

/** A URL to which paths are added. Plain HTTP is for a stand-in on this machine. */
function readEndpoint(input: string): string {
  const url = webUrl(input);
  const isSafe = url && (url.protocol === 'https:' || isLoopback(input));
  if (!isSafe || url.search || url.hash || input.length > 200) throw new Error(WANTED);
  return input.replace(/\/+$/, '');
}

const endpoint = makeValidator(readEndpoint);

/** Of OIDC_PROVIDERS. The issuer stays as it is written: its last slash counts. */
export type OidcProviderSetting = { id: string; name: string; issuer: string; clientId: string; clientSecret?: string };

const BUILT_IN = new Set(['google', 'github', 'microsoft']);
const FIELDS = ['id', 'name', 'issuer', 'clientId', 'clientSecret'];
const isText = (value: unknown, max: number) => typeof value === 'string' && value.length > 0 && value.length <= max;

function isProvider(value: unknown): value is OidcProviderSetting {
  const { id, name, issuer, clientId, clientSecret = 'none', ...rest } = (value ?? {}) as Record<string, unknown>;
  if (Object.keys(rest).length > 0 || ![name, clientId, clientSecret].every((text) => isText(text, 200))) return false;
  if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) || id.length > 40 || BUILT_IN.has(id))
    return false;
  return typeof issuer === 'string' && readEndpoint(issuer).length > 0;
}

const providers = makeValidator((input: string): OidcProviderSetting[] => {
  const wanted = `a JSON list of {${FIELDS.join(', ')}}, each with an id of its own and an https:// issuer`;
  try {
    const list: unknown = JSON.parse(input);
    if (!Array.isArray(list) || !list.every(isProvider)) throw new Error(wanted);
    if (new Set(list.map(({ id }) => id)).size < list.length) throw new Error(wanted);
    return list;
  } catch {
    throw new Error(wanted); // the parser's message may hold a piece of a secret
  }
});

/** Who people may sign in through. A provider is on once it has its id and its secret. */
export const socialSettings = {
  GOOGLE_CLIENT_ID: str({ default: undefined, desc: 'with its secret: sign-in through Google' }),
  GOOGLE_CLIENT_SECRET: str({ default: undefined, desc: 'the secret of GOOGLE_CLIENT_ID' }),
  GOOGLE_ISSUER: endpoint({ default: 'https://accounts.google.com', desc: 'the issuer that stands for Google' }),
  GITHUB_CLIENT_ID: str({ default: undefined, desc: 'with its secret: sign-in through GitHub' }),
  GITHUB_CLIENT_SECRET: str({ default: undefined, desc: 'the secret of GITHUB_CLIENT_ID' }),
  GITHUB_ISSUER: endpoint({
    default: 'https://github.com/login/oauth',
    desc: 'where GitHub, or a GitHub Enterprise, has /authorize and /access_token',
  }),
  GITHUB_API_URL: endpoint({ default: 'https://api.github.com', desc: 'where it has /user and /user/emails' }),
  MICROSOFT_CLIENT_ID: str({ default: undefined, desc: 'with its secret: sign-in through Microsoft' }),
  MICROSOFT_CLIENT_SECRET: str({ default: undefined, desc: 'the secret of MICROSOFT_CLIENT_ID' }),
  MICROSOFT_ISSUER: endpoint({
    default: 'https://login.microsoftonline.com/common/v2.0',
    desc: 'everyone at Microsoft; with a tenant id instead of common: people of that tenant',
  }),
  MICROSOFT_API_URL: endpoint({
    default: undefined,
    desc: "asked instead of the issuer's own origin: a proxy, or a stand-in",
  }),
  OIDC_PROVIDERS: providers({
    default: [],
    desc: 'other OpenID Connect issuers: [{"id":"acme","name":"Acme","issuer":"https://…","clientId":"…","clientSecret":"…"}]',
  }),
};

/** A setting that was found bad is not there. */
type Social = Record<keyof typeof socialSettings, unknown> & { OIDC_PROVIDERS?: OidcProviderSetting[] };

/** What does not go together, one line a fault. */
export function socialFaults(config: Social): string[] {
  return (['GOOGLE', 'GITHUB', 'MICROSOFT'] as const).flatMap((name) =>
    Boolean(config[`${name}_CLIENT_ID`]) === Boolean(config[`${name}_CLIENT_SECRET`])
      ? []
      : [`${name}_CLIENT_ID, ${name}_CLIENT_SECRET: wanted both or neither`],
  );
}
