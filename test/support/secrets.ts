import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { House } from './house';

const NAMES =
  /"(accessToken|refreshToken|token|password|currentPassword|newPassword|codeVerifier|idToken|nonce)":("(?:[^"\\]|\\.)*")/g;
const SHORTEST = 8; // what is shorter is found by chance

/** Everything that must be known to nobody, and every way in which it could be written down. */
export class Secrets {
  private readonly spellings = new Map<string, string>();
  count = 0;

  add(what: string, secret: string): void {
    if (secret.length < SHORTEST || this.spellings.has(secret)) return;
    this.count++;
    for (const spelling of spellingsOf(secret)) this.spellings.set(spelling, what);
    if (what.includes('Token')) this.add(`the signature of an ${what}`, secret.split('.').at(-1)!);
  }

  /** Learns every token and password that a JSON text holds. */
  read(json: string): void {
    for (const [, what, secret] of json.matchAll(NAMES)) this.add(what!, JSON.parse(secret!));
  }

  /** Learns whatever goes in and out. */
  listenTo(app: NestFastifyApplication): void {
    const adapter = app.getHttpAdapter() as unknown as { inject(request: unknown): Promise<{ payload: string }> };
    const inject = adapter.inject.bind(adapter);
    adapter.inject = async (request: { payload?: object | string }) => {
      this.read(typeof request.payload === 'string' ? request.payload : JSON.stringify(request.payload ?? null));
      const response = await inject(request);
      this.read(response.payload);
      return response;
    };
  }

  /** What of it a text gives away. */
  in(text: string): string[] {
    return [...new Set([...this.spellings].flatMap(([spelling, what]) => (text.includes(spelling) ? [what] : [])))];
  }
}

function spellingsOf(secret: string): string[] {
  const bytes = [Buffer.from(secret)];
  if (/^[\w-]{43}=?$/.test(secret)) bytes.push(Buffer.from(secret, 'base64url')); // the random bits themselves
  const hex = bytes.map((it) => it.toString('hex'));
  const encoded = bytes.flatMap((it) => ['base64', 'base64url'].flatMap((to) => inside(it, to as BufferEncoding)));
  const quoted = [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  return [secret, ...quoted, ...hex, ...hex.map((it) => it.toUpperCase()), ...encoded];
}

/** How base64 shows bytes in the midst of others: it depends on where they begin. */
const inside = (bytes: Buffer, encoding: BufferEncoding): string[] =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString(encoding)
      .replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : shift + 1, (shift + bytes.length) % 3 === 0 ? undefined : -1);
  });

/** Every value of every row of every table as text; of the embedded engine also the bytes of its files, where deleted rows linger. */
export async function dumpOf(house: House): Promise<string> {
  const { type, database } = house.source.options as { type: string; database: string };
  const isEmbedded = type === 'better-sqlite3';
  const tables = await house.query(
    isEmbedded
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  const rows: object[] = [];
  for (const { name } of tables) rows.push(...(await house.query(`SELECT * FROM ${name}`)));
  const files = isEmbedded ? readdirSync(dirname(database)).filter((name) => name.includes('.db')) : [];
  return [
    ...rows.flatMap((row) => Object.values(row).map(written)),
    ...files.map((name) => readFileSync(join(dirname(database), name), 'latin1')),
  ].join('\n');
}

const written = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value);
};
