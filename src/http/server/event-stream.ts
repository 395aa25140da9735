import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { clock } from '../../kit/clock';

const MAX_UNSENT = 256 * 1024; // bytes of a client that does not read
const RETRY = 3000; // milliseconds after which a client that lost the stream comes again

/** An answer that goes on: server-sent events (HTML Living Standard, 9.2). */
export class EventStream extends Readable {
  private patience = Infinity;
  private response?: ServerResponse;
  /** When the client had taken all that was said. */
  private takenAt = clock.now().getTime();

  /** It says at once where it begins, so that the headers go out, and a client that loses it before the first event comes to no gap. */
  constructor(after: string) {
    super();
    this.push(`retry: ${RETRY}\nid: ${after}\n: welcome\n\n`);
  }

  override _read(): void {
    // what is said is pushed when it happens
  }

  /** Answers with this stream. */
  open(reply: FastifyReply): void {
    void reply
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        connection: 'close', // with the stream, or a stopping server would wait for its keep-alive to run out
        'x-accel-buffering': 'no', // a proxy must not wait for more
      })
      .send(this);
  }

  /** One event; `id` is what the client sends as Last-Event-ID when it comes again. */
  say(event: string, id: string, data: unknown): void {
    this.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A comment: keeps proxies from taking the connection for dead, and finds out when it is. */
  beat(): void {
    this.write(': still here\n\n');
  }

  /** Cuts it off, when something is said, once its client has not taken all that was said before for so long. */
  cutAfter(milliseconds: number, response: ServerResponse): void {
    Object.assign(this, { patience: milliseconds, response });
  }

  end(): void {
    if (!this.destroyed) this.push(null);
  }

  private write(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    const now = clock.now().getTime();
    const unsent = this.readableLength + (this.response?.writableLength ?? 0);
    if (unsent === 0) this.takenAt = now;
    if (unsent > MAX_UNSENT || now - this.takenAt > this.patience) {
      this.destroy(); // it comes again and goes on where it was
    } else this.push(text);
  }
}
