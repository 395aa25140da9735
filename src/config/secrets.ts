import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config';
import { KeyRing } from '../kit/key-ring';
import { privateKey } from './settings/pem';

/** The keys that sign access tokens (ES256). `published` are all that a verifier must know: current, next and previous. */
export type JwtKeys = { current: KeyObject; published: KeyObject[] };
export type Secrets = { jwt: JwtKeys; ring: KeyRing };
export const JWT_KEYS = Symbol('jwt keys');

/** The keys from the settings or, outside production, from DATA_DIR/keys.json (mode 0600), made at the first start. */
export function loadSecrets(config: Config): Secrets {
  const { JWT_PRIVATE_KEY, JWT_NEXT_KEY, JWT_PREVIOUS_KEYS, SECRET_KEYS } = config;
  const made = JWT_PRIVATE_KEY && SECRET_KEYS ? undefined : developmentKeys(config.DATA_DIR);
  const current = JWT_PRIVATE_KEY ?? privateKey(made!.jwt);
  const next = JWT_NEXT_KEY ? [JWT_NEXT_KEY] : [];
  const published = [current, ...next].map((key) => createPublicKey(key));
  return {
    jwt: { current, published: [...published, ...JWT_PREVIOUS_KEYS] },
    ring: SECRET_KEYS ?? new KeyRing(made!.ring),
  };
}

function developmentKeys(folder: string): { jwt: string; ring: string } {
  const file = join(folder, 'keys.json');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) {
    const jwt = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const keys = { jwt, ring: `dev:${randomBytes(32).toString('base64')}` };
    try {
      writeFileSync(file, JSON.stringify(keys, null, 2), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error; // another instance was first
    }
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
