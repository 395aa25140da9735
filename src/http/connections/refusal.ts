import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { clock } from '../../kit/clock';
import type { Problem } from '../../kit/problem';

/** An answer where neither Fastify nor Nest is asked: a problem like any other, after which the connection is closed. */
export class Refusal {
  readonly id = randomUUID();
  readonly status: number;
  private readonly body: string;

  /** @param usual the headers that every answer carries */
  constructor(
    problem: Problem,
    private readonly usual: Record<string, string>,
  ) {
    this.status = problem.status;
    this.body = JSON.stringify({ ...problem.toJSON(), instance: this.id });
  }

  answer(response: ServerResponse): void {
    response.writeHead(this.status, this.headers).end(this.body);
  }

  /** For what could not even be read as a request. */
  write(socket: Duplex): void {
    const headers = { Date: clock.now().toUTCString(), ...this.headers };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `HTTP/1.1 ${this.status} ${STATUS_CODES[this.status]}\r\n${lines.join('')}\r\n`;
    socket.end(head + this.body, () => socket.destroy());
  }

  private get headers(): Record<string, string> {
    return {
      ...this.usual,
      'Content-Type': 'application/problem+json',
      'Content-Length': String(Buffer.byteLength(this.body)),
      'X-Request-Id': this.id,
      Connection: 'close',
    };
  }
}
