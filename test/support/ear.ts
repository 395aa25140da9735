import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { House } from './house';
import type { Visitor } from './visitor';

export type Heard = { id: string; event: string; data: any };

/** Someone who listens to a stream of server-sent events, over a real connection. */
export class Ear {
  readonly events: Heard[] = [];
  /** What was said that is no event, such as a heartbeat. */
  readonly comments: string[] = [];
  /** What a client sends as Last-Event-ID when it comes again. */
  lastId?: string;
  /** Once the server has ended the stream. */
  readonly ended: Promise<void>;
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly request: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    this.ended = this.listen().finally(() => this.wake());
  }

  /** Opens the stream of `visitor` in a house that listens, on a connection that is for nothing else. */
  static async open(house: House, { accessToken }: Visitor, headers: Record<string, string> = {}): Promise<Ear> {
    const authorization = `Bearer ${accessToken}`;
    const request = get(`${await house.app.getUrl()}/notifications/stream`, {
      agent: false,
      headers: { authorization, ...headers },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new Ear(request, response);
  }

  get status(): number {
    return this.response.statusCode!;
  }

  header(name: string): unknown {
    return this.response.headers[name];
  }

  /** The event at this place in what was heard, once it was. */
  async event(index: number): Promise<Heard> {
    return this.until(() => this.events[index]);
  }

  /** Once a comment was heard. */
  comment(text: string): Promise<string> {
    return this.until(() => this.comments.find((one) => one === text));
  }

  hangUp(): void {
    this.request.destroy();
  }

  private async until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      let over = false;
      await Promise.race([
        new Promise<void>((resolve) => this.waiting.push(resolve)),
        this.ended.then(() => (over = true)),
      ]);
      if (over && look() === undefined) throw new Error('The stream ended before that.');
    }
  }

  private async listen(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of this.response) {
        const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
        rest = blocks.pop()!;
        blocks.forEach((block) => this.hear(block));
        this.wake();
      }
    } catch (error) {
      if (!this.request.destroyed) throw error;
    }
  }

  private hear(block: string): void {
    const fields: Record<string, string> = {};
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      if (name === '') this.comments.push(value);
      else fields[name] = value;
    }
    this.lastId = fields.id ?? this.lastId;
    if (fields.data) this.events.push({ id: fields.id!, event: fields.event!, data: JSON.parse(fields.data) });
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
