import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ASKED_AGAIN, tagOf } from './cached';

const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }; // 11 takes twenty times as long, for a tenth

/** By preference. */
const CODINGS = {
  br: (text: string) => promisify(brotliCompress)(text, QUALITY),
  gzip: (text: string) => promisify(gzip)(text),
  identity: (text: string) => Promise.resolve(Buffer.from(text)),
};
type Coding = keyof typeof CODINGS;

/** A text that stays as it is while the app runs, in the codings that clients take (RFC 9110, 12.5.3); each is made when first asked for. */
export class Encoded {
  private readonly made = new Map<Coding, { tag: string; body: Promise<Buffer> }>();
  private text?: string;

  constructor(
    private readonly type: string,
    private readonly write: () => string,
  ) {}

  /** As Fastify's handler. Caches may keep it, and ask each time whether it is still that. */
  async answer({ headers }: FastifyRequest, reply: FastifyReply): Promise<Buffer> {
    const accepted = String(headers['accept-encoding'] ?? '');
    const coding = (negotiate(accepted, Object.keys(CODINGS)) ?? 'identity') as Coding;
    const { tag, body } = this.in(coding);
    const vary = [reply.getHeader('vary'), 'Accept-Encoding'].filter(Boolean).join(', '); // CORS has written, too
    reply.type(this.type).headers({ 'cache-control': ASKED_AGAIN, etag: tag, vary });
    if (coding !== 'identity') reply.header('content-encoding', coding);
    return body;
  }

  private in(coding: Coding) {
    this.text ??= this.write();
    const made = this.made.get(coding) ?? { tag: tagOf(`${coding} ${this.text}`), body: CODINGS[coding](this.text) };
    this.made.set(coding, made);
    return made;
  }
}
