import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { House } from './house';

/** Once a socket says this. To be hung up on is an end like any other, which `once` of node:events would throw. */
export const next = (socket: Socket, event: string): Promise<void> =>
  new Promise((resolve) => void socket.once(event, () => resolve()));

/** A connection that sends what it likes, and tells how it ended. */
export class RawSocket {
  /** All that was said to it. */
  heard = '';
  readonly closed: Promise<void>;
  isClosed = false;

  private constructor(readonly socket: Socket) {
    socket.setNoDelay();
    socket.on('error', () => socket.destroy()); // hung up on
    this.closed = next(socket, 'close').then(() => void (this.isClosed = true));
  }

  /** @param from an address of this machine, any of 127.0.0.0/8 */
  static async open(port: number, from = '127.0.0.1'): Promise<RawSocket> {
    const raw = new RawSocket(connect({ port, host: '127.0.0.1', localAddress: from }));
    await Promise.race([next(raw.socket, 'connect'), raw.closed]);
    return raw;
  }

  /** Someone who asks, and reads nothing of the answer. The close is told by the other side: who does not read does not learn of it. */
  static async deaf(house: House, text: string): Promise<{ closed: Promise<unknown>; leave: () => void }> {
    const accepted = once(house.app.getHttpServer(), 'connection') as Promise<[Socket]>;
    const { socket } = await RawSocket.open(await portOf(house));
    socket.pause();
    const [served] = await accepted;
    const closed = next(served, 'close');
    socket.write(text, 'latin1');
    return { closed, leave: () => socket.destroy() };
  }

  /** Takes what comes from now on. */
  listen(): this {
    this.socket.setEncoding('latin1').on('data', (chunk) => (this.heard += String(chunk)));
    return this;
  }

  send(text: string): this {
    if (this.socket.writable) this.socket.write(text, 'latin1');
    return this;
  }

  /** Sends the text letter by letter, as often as the app has answered someone else, until it is closed or all is sent. */
  async drip(text: string, house: House): Promise<void> {
    for (const letter of text) {
      if (this.isClosed) return;
      this.send(letter);
      await house.visitor().get('/health/live');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await this.closed;
  }

  /** Once it has heard this. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.heard)) {
      if (this.isClosed) throw new Error(`Closed before ${pattern}: ${this.heard.slice(0, 500)}`);
      await Promise.race([next(this.socket, 'data'), this.closed]);
    }
    return this.heard;
  }
}

export async function portOf(house: House): Promise<number> {
  if (!house.app.getHttpServer().listening) await house.app.listen(0, '127.0.0.1');
  return Number(new URL(await house.app.getUrl()).port);
}
