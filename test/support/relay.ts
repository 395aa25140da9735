import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address before several servers, as a balancer or a virtual one is. Who is connected stays so when it turns to another. */
export class Relay {
  /** Milliseconds that whatever is said takes on its way. */
  latency = 0;
  /** What is said is lost, and nobody hangs up. */
  isSilent = false;
  /** Sees what a client has said, once it is on its way. */
  overhears?: (said: Buffer) => void;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => {
    const server = connect(Number(this.to.port), this.to.hostname);
    this.join(client, server, (said) => this.overhears?.(said));
    this.join(server, client);
  });

  private constructor(private to: URL) {}

  static async to(url: string): Promise<Relay> {
    const relay = new Relay(new URL(url));
    await once(relay.server.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  /** Where new connections lead from now on. */
  turnTo(url: string): void {
    this.to = new URL(url);
  }

  /** The same URL by way of here. */
  before(url: string): string {
    const { port } = this.server.address() as AddressInfo;
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(from: Socket, to: Socket, overhear?: (said: Buffer) => void): void {
    this.sockets.add(from);
    from.on('error', () => from.destroy()).on('close', () => (this.sockets.delete(from), to.destroy()));
    from.setNoDelay().on('data', (said) => {
      if (this.isSilent) return;
      if (this.latency === 0) to.write(said);
      else setTimeout(() => to.write(said), this.latency);
      overhear?.(said);
    });
  }
}
