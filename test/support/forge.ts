import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export type Part = Record<string, unknown>;
export type Signs = (text: string) => string;

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Makes and takes apart JSON Web Tokens by hand, as an attacker would: no library that refuses to. */
export const forge = (header: unknown, claims: unknown, signs: Signs): string => {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${signs(text)}`;
};

export const partsOf = (token: string): { header: Part; claims: Part; signature: string } => {
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: decoded(header), claims: decoded(claims), signature };
};

export const es256 =
  (key: KeyObject): Signs =>
  (text) =>
    sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

export const hs256 =
  (secret: string | Buffer): Signs =>
  (text) =>
    createHmac('sha256', secret).update(text).digest('base64url');

/** A key pair for access tokens, as settings take it. */
export function newJwtKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const publicPem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  return { privateKey, publicKey, pem, publicPem, kid: thumbprint(publicKey) };
}

/** RFC 7638: SHA-256 over the required members, in the order of their names. */
export function thumbprint(key: KeyObject): string {
  const { crv, kty, x, y } = key.export({ format: 'jwk' });
  return createHash('sha256').update(`{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`).digest('base64url');
}
