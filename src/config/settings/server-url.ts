import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

type Tls = { rejectUnauthorized: boolean; verifyIdentity: boolean; ca?: Buffer; cert?: Buffer; key?: Buffer };
export type Server = { host: string; port: number; user: string; password: string; database: string; ssl?: Tls };

const UNCHECKED = { rejectUnauthorized: false, verifyIdentity: false };
const BY_AUTHORITY = { rejectUnauthorized: true, verifyIdentity: false };
const BY_NAME = { rejectUnauthorized: true, verifyIdentity: true };

/** As MySQL's clients call them, then PostgreSQL's. PREFERRED is none of them: it lets whoever is in between choose. */
const MODES: Record<string, Tls | undefined> = {
  disabled: undefined,
  required: UNCHECKED,
  verify_ca: BY_AUTHORITY,
  verify_identity: BY_NAME,
  disable: undefined,
  require: UNCHECKED,
  'verify-ca': BY_AUTHORITY,
  'verify-full': BY_NAME,
};
const SWITCH: Record<string, Tls | undefined> = { true: BY_AUTHORITY, 1: BY_AUTHORITY, false: undefined, 0: undefined };
const FILES = { 'ssl-ca': 'ca', 'ssl-cert': 'cert', 'ssl-key': 'key' } as const;
const NAMES = ['ssl-mode', 'sslmode', 'ssl', ...Object.keys(FILES)];

const SERVER = 'mysql://user:password@host/name, also with several hosts (a,b:3307), mariadb://… or sqlite:path';
const TLS = `one of ssl-mode=DISABLED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY, or ssl=true, and the paths ssl-ca, ssl-cert and ssl-key`;

const AUTHORITY = /^((?:mysql|mariadb):\/\/)([^/?#]*@)?([^/?#]*)/;

/** DATABASE_URL once for each of the servers that it names, `mysql://…@db1,db2:3307/name`. */
export const oneByOne = (text: string): string[] =>
  hostsIn(text)
    .split(',')
    .map((host) => text.replace(AUTHORITY, (_, scheme: string, user = '') => scheme + user + host));

export const hostsIn = (text: string): string => AUTHORITY.exec(text)?.[3] ?? '';

/** The same URL with this password, whatever is in it. */
export const withPassword = (text: string, password: string): string =>
  text.replace(AUTHORITY, (_, scheme: string, user = '@', hosts: string) => {
    const [name] = String(user).slice(0, -1).split(':');
    return `${scheme}${name}:${encodeURIComponent(password)}@${hosts}`;
  });

/** The servers that DATABASE_URL names, in the order of its choice. @throws Error saying what is wanted */
export const readServerUrls = (text: string): Server[] => oneByOne(text).map(readServerUrl);

/**
 * The server that a URL names. What it says of TLS is done or refused, never left out: a parameter that nobody reads would leave
 * the connection in the clear. @throws Error saying what is wanted
 */
function readServerUrl(text: string): Server {
  const url = /^(mysql|mariadb):\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname) throw new Error(SERVER);
  const { hostname, port, username, password, pathname, searchParams } = url;
  const host = hostname.replace(/^\[|\]$/g, '');
  const ssl = tlsOf([...searchParams]);
  if (ssl?.verifyIdentity && isIP(host))
    throw new Error('a host by its name, which VERIFY_IDENTITY looks for in the certificate');
  return {
    host,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl,
  };
}

function tlsOf(parameters: [name: string, value: string][]): Tls | undefined {
  const given = new Map(parameters);
  const isKnown = [...given.keys()].every((name) => NAMES.includes(name)) && given.size === parameters.length;
  const said = ['ssl-mode', 'sslmode', 'ssl'].filter((name) => given.has(name));
  if (!isKnown || said.length > 1) throw new Error(TLS);

  const files = filesOf(given);
  const [name] = said;
  if (name === undefined) return files && { ...BY_AUTHORITY, ...files };
  const [choices, choice] = [name === 'ssl' ? SWITCH : MODES, given.get(name)!.toLowerCase()];
  if (!Object.hasOwn(choices, choice) || (files && !choices[choice])) throw new Error(TLS);
  return choices[choice] && { ...choices[choice], ...files };
}

function filesOf(given: Map<string, string>): Partial<Tls> | undefined {
  const named = Object.entries(FILES).filter(([name]) => given.has(name));
  return named.length > 0
    ? Object.fromEntries(named.map(([name, as]) => [as, read(name, given.get(name)!)]))
    : undefined;
}

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new Error(`${name} as the path of a PEM file that can be read`);
  }
}
