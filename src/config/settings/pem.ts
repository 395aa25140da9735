import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

const ES256 = 'an ES256 key as PEM, or the path of one; make it with: openssl ecparam -genkey -name prime256v1 -noout';

/** The private key in a PEM text (`\n` may stand for a line's end) or PEM file. @throws Error saying what is wanted, not what was found */
export const privateKey = (given: string): KeyObject => es256(given, createPrivateKey);

/** The public key in a PEM text or file, which may hold the private one. @throws Error as above */
export const publicKey = (given: string): KeyObject => es256(given, createPublicKey);

function es256(given: string, parse: (pem: string) => KeyObject): KeyObject {
  const key = read(given, parse);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error(ES256);
  return key;
}

function read(given: string, parse: (pem: string) => KeyObject): KeyObject | undefined {
  try {
    return parse(pemOf(given));
  } catch {
    return undefined; // the parser's message may hold a piece of the key
  }
}

const pemOf = (given: string): string => {
  if (given.includes('-----BEGIN')) return given.replaceAll('\\n', '\n');
  return existsSync(given) ? readFileSync(given, 'utf8') : '';
};
