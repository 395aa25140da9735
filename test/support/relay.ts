import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address before several servers, as a balancer or a virtual one is. Who is connected stays so when it turns to another. */
export class Relay {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => {
    const server = connect(this.port, '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => one.destroy()).on('close', () => (this.sockets.delete(one), other.destroy()));
      one.pipe(other);
    }
  });

  private constructor(private port: number) {}

  static async to(url: string): Promise<Relay> {
    const relay = new Relay(portOf(url));
    await once(relay.server.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  /** Where new connections lead from now on. */
  turnTo(url: string): void {
    this.port = portOf(url);
  }

  /** The same URL by way of here. */
  before(url: string): string {
    return Object.assign(new URL(url), { port: String((this.server.address() as AddressInfo).port) }).href;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

const portOf = (url: string): number => Number(new URL(url).port);
