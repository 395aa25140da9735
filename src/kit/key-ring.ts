import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/**
 * Named 256-bit keys for encryption at rest (AES-256-GCM) and for HMACs. The first key is current; the others still open what
 * they sealed, so that keys can be rotated without downtime.
 */
export class KeyRing {
  private readonly keys: Map<string, KeyObject>;
  private readonly current: string;

  /** @param keys `id:base64(32 bytes)[,…]`. @throws Error saying what is wanted instead of a short, malformed or made-up key. */
  constructor(keys: string) {
    const entries = keys.split(',').map((entry) => parseKey(entry.trim()));
    this.keys = new Map(entries);
    if (this.keys.size < entries.length) throw new Error('keys of which each has an id of its own');
    this.current = this.keys.keys().next().value!;
  }

  /** Encrypts UTF-8 text as `id.iv.tag.ciphertext`. `context` is authenticated: the text opens only in the same context. */
  seal(text: string, context: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.current), iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [this.current, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
  }

  /** Opens what `seal` wrote. @throws Error when it was altered, sealed in another context, or its key has left the ring. */
  open(sealed: string, context: string): string {
    const [id = '', ...parts] = sealed.split('.');
    const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
    if (!iv || !tag || !text || tag.length !== 16) throw new Error('This is nothing that the key ring sealed.');
    const decipher = createDecipheriv('aes-256-gcm', this.key(id), iv).setAAD(Buffer.from(context)).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  }

  /** HMAC-SHA-256 of `text` under the current key, as `id.mac`. */
  sign(text: string): string {
    return `${this.current}.${this.mac(this.current, text)}`;
  }

  /** Whether `signature` is this ring's signature of `text`; in constant time. */
  verifies(text: string, signature: string): boolean {
    const [id = '', mac = '', ...rest] = signature.split('.');
    if (!this.keys.has(id) || rest.length > 0) return false;
    const [given, wanted] = [Buffer.from(mac), Buffer.from(this.mac(id, text))];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  private mac(id: string, text: string): string {
    return createHmac('sha256', this.key(id)).update(text).digest('base64url');
  }

  private key(id: string): KeyObject {
    const key = this.keys.get(id);
    if (!key) throw new Error(`SECRET_KEYS holds no key "${id}"; keep a retired key until nothing is sealed with it.`);
    return key;
  }
}

function parseKey(entry: string): [string, KeyObject] {
  const [, id, encoded] = /^([\w-]{1,16}):([\w+/-]{43}=?)$/.exec(entry) ?? [];
  if (!id || !encoded) throw new Error('id:base64(32 bytes), separated by commas');
  const bytes = Buffer.from(encoded, 'base64'); // base64url, too
  if (isMadeUp(bytes)) throw new Error('keys made at random, by: openssl rand -base64 32');
  return [id, createSecretKey(bytes)];
}

/**
 * Whether bytes are no product of chance: zeros, a pattern, a count, something typed. Of 32 random bytes 30 differ; fewer than 17 do, or
 * all are printable, once in 10^13 keys.
 */
function isMadeUp(bytes: Buffer): boolean {
  const steps = new Set(bytes.map((byte, i) => byte - (bytes[i - 1] ?? 0)).subarray(1));
  return new Set(bytes).size < 17 || steps.size < 17 || bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
