import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { eventually } from './eventually';
import { freePort } from './process';
import { end, keep } from './server';

const { REDIS } = globalThis as unknown as { REDIS: string };

/** A private Redis that keeps nothing; `down` ends it, `up` has an empty one in its place. */
export class RedisServer {
  private keeper?: ChildProcess;

  private constructor(private readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-redis-'));
    const options = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', folder, '--save', ''];
    this.keeper = keep(folder, [REDIS, ...options]);
    await eventually(() => this.answers());
  }

  async down(): Promise<void> {
    if (this.keeper) await end(this.keeper);
    this.keeper = undefined;
  }

  private async answers(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isThere;
  }
}
