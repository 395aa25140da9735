import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkoutPage } from './checkout.page';

export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
};
export type Reply = { status?: number; body: unknown };
type Headers = Record<string, string>;
export type Signed = { body: string; headers: Headers };
/** Where webhooks go: a visitor of the app, or anything else that can post. */
export type Receiver<Answer> = { post: (path: string, body: string, headers: Headers) => Promise<Answer> };
type Order = { title: string; price: string; successUrl: string; cancelUrl?: string };

export const newNumber = (): number => randomBytes(5).readUIntBE(0, 5);
export const newName = (prefix: string): string => `${prefix}_${randomBytes(9).toString('hex')}`;

const message = 'Not now';
const NOT_NOW = { message, error: { type: 'api_error', message }, errors: [{ detail: message }] }; // in each one's way

/** Thrown where the real provider would refuse what we ask; to ask for what is not there is no fault. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly isFault = true,
  ) {
    super(JSON.stringify(body));
  }
}

/** A payment provider on loopback. It checks what is asked as the real one does, keeps the books, and makes trouble when told to. */
export abstract class StandIn<Event> {
  abstract readonly name: 'stripe' | 'flutterwave' | 'lemonsqueezy';
  /** Every request, also those that were refused. */
  readonly asked: Asked[] = [];
  /** What the real one would have refused in our requests. */
  readonly faults: string[] = [];
  /** What happened through requests of ours and is still to be told, by webhook. */
  readonly untold: Event[] = [];
  private readonly troubles: ('lost' | number)[] = [];
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch(() => response.destroy()); // a page that is not there, an app that is not up
  });
  /** For the checkout page: whom to tell that someone paid. */
  tell?: Receiver<unknown>;

  /** What the app's settings are to be. */
  abstract get settings(): Record<string, string>;
  abstract sign(event: Event): Signed;
  /** Someone pays at this checkout. What is to be told about it, in its usual order. */
  abstract pay(checkoutUrl: string): Event[];
  protected abstract order(checkout: string): Order;
  protected abstract answer(asked: Asked): Reply;

  async listen(port = 0): Promise<this> {
    await new Promise<void>((listening) => void this.server.listen(port, '127.0.0.1', listening));
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => void this.server.close(closed));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next requests that change something are done, but nobody hears of it: the connection is cut. */
  loseAnswers(times = 1): void {
    this.troubles.push(...Array<'lost'>(times).fill('lost'));
  }

  /** The next requests are answered so, and nothing is done. */
  fail(status: number, times = 1): void {
    this.troubles.push(...Array<number>(times).fill(status));
  }

  /** Tells the app of an event. Once, unless it is told again. */
  deliver<Answer>(event: Event, to: Receiver<Answer>): Promise<Answer> {
    return this.send(this.sign(event), to);
  }

  /** Tells these very bytes. */
  send<Answer>({ body, headers }: Signed, to: Receiver<Answer>): Promise<Answer> {
    return to.post(`/payments/${this.name}/webhook`, body, { 'content-type': 'application/json', ...headers });
  }

  /** Requests to a path, such as those that made a refund. */
  askedFor = (method: string, path: RegExp): Asked[] =>
    this.asked.filter((asked) => asked.method === method && path.test(asked.path));

  protected checkoutIn = (url: string): string => url.split('/').at(-1)!;

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request);
    if (asked.path.startsWith('/checkout/')) return this.visit(asked, response);
    this.asked.push(asked);
    const trouble = this.troubleFor(asked);
    if (typeof trouble === 'number') return reply(response, { status: trouble, body: NOT_NOW });
    const answer = this.judge(asked);
    if (trouble === 'lost') return void request.socket.destroy();
    reply(response, answer);
  }

  private troubleFor({ method }: Asked): 'lost' | number | undefined {
    return method === 'GET' && this.troubles[0] === 'lost' ? undefined : this.troubles.shift();
  }

  private judge(asked: Asked): Reply {
    try {
      return this.answer(asked);
    } catch (error) {
      if (error instanceof Refusal) {
        if (error.isFault) this.faults.push(`${asked.method} ${asked.path}: ${error.message}`);
        return error;
      }
      return { status: 500, body: { message: String(error) } };
    }
  }

  /** The page that a buyer is sent to. */
  private async visit({ method, path }: Asked, response: ServerResponse): Promise<void> {
    const [, , id = '', deed] = path.split('/');
    const order = this.order(id);
    if (method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(checkoutPage(this.name, path, order));
      return;
    }
    if (deed === 'pay') {
      const events = this.pay(`${this.url}/checkout/${id}`);
      for (const event of this.tell ? events : []) await this.deliver(event, this.tell!);
    }
    const location = deed === 'pay' ? order.successUrl : (order.cancelUrl ?? order.successUrl);
    response.writeHead(303, { location }).end();
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url!, 'http://provider');
  const { method = 'GET', headers } = request;
  return { method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function reply(response: ServerResponse, { status = 200, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
