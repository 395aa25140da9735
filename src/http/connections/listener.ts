import { type RequestListener, Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { SECOND } from '../../kit/clock';
import type { Config } from '../../config/config';
import {
  BadRequest,
  ExpectationFailed,
  HeadersTooLarge,
  type Problem,
  RequestTimeout,
  TooLarge,
} from '../../kit/problem';
import { securityHeaders } from './security-headers';
import { Sparing } from '../../kit/sparing';
import { addressBlock } from '../../kit/net/network';
import { clientAddress, type Trusts } from './client-address';
import { Refusal } from './refusal';

const CHECK = SECOND; // between two looks for requests that take too long to come
const STRAGGLERS = 10 * SECOND; // that a client may take while we stop, to send the rest or to read

/** What Node could not read, by its error's code. */
const UNREADABLE: Partial<Record<string, () => Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: () => new RequestTimeout(),
  HPE_HEADER_OVERFLOW: () => new HeadersTooLarge(),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () => new TooLarge(),
};

/**
 * Node's HTTP server, for whoever may come: requests have a time to arrive in, connections are bounded, each network has its share of
 * them, what is no request is refused as a problem, and a stop waits for nobody who says nothing.
 */
export class Listener extends Server {
  /** Each connection, with the answer that was begun last on it. */
  private readonly answers = new Map<Duplex, ServerResponse | undefined>();
  private readonly held = new Map<string, number>();
  private readonly sparing = new Sparing();

  constructor(
    handler: RequestListener,
    private readonly config: Config,
    private readonly trusts: Trusts,
    private readonly log: Logger,
  ) {
    const { HEADER_TIMEOUT, BODY_TIMEOUT, KEEP_ALIVE_TIMEOUT, MAX_CONNECTIONS } = config;
    super(
      {
        headersTimeout: HEADER_TIMEOUT,
        requestTimeout: HEADER_TIMEOUT + BODY_TIMEOUT,
        connectionsCheckingInterval: Math.min(CHECK, HEADER_TIMEOUT),
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
        requireHostHeader: false, // a hook sees to it: Node's own refusal is bare
      },
      handler,
    );
    this.maxConnections = MAX_CONNECTIONS;
    this.on('connection', (socket) => this.admit(socket));
    this.on('drop', () => this.warn('Connections are refused: MAX_CONNECTIONS are open.'));
    this.on('request', ({ socket }, response) => this.answers.set(socket, response));
    this.on('clientError', (error, socket) => this.refuseUnreadable(error, socket));
    this.on('checkExpectation', ({ socket }, response) =>
      this.refusal(new ExpectationFailed(), socket).answer(response),
    );
    this.on('connect', (_request, socket) => {
      socket.on('error', () => socket.destroy()); // Node has let go of it
      this.refusal(new BadRequest({ detail: 'This is no proxy.' }), socket as Socket).write(socket);
    });
  }

  /** The same as Node's, for which one that has yet to send a whole request is not idle. */
  override closeIdleConnections(): void {
    this.cut((response) => response === undefined || response.writableFinished);
  }

  override close(done?: (error?: Error) => void): this {
    setTimeout(() => this.cut((response) => !response?.req.complete || response.writableEnded), STRAGGLERS).unref();
    return super.close(done); // which closes those that are idle
  }

  private admit(socket: Socket): void {
    this.answers.set(socket, undefined);
    socket.once('close', () => this.answers.delete(socket));
    const address = clientAddress(socket.remoteAddress, undefined, this.trusts);
    if (this.trusts(address)) return; // a proxy holds connections for everyone

    const network = addressBlock(address);
    const held = (this.held.get(network) ?? 0) + 1;
    this.held.set(network, held);
    socket.once('close', () => this.release(network));
    if (held <= this.config.MAX_CONNECTIONS_PER_NETWORK) return;
    this.warn('Connections are refused: a network holds MAX_CONNECTIONS_PER_NETWORK.', { ip: address });
    socket.destroy();
  }

  private release(network: string): void {
    const left = this.held.get(network)! - 1;
    if (left > 0) this.held.set(network, left);
    else this.held.delete(network);
  }

  private refuseUnreadable({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
    const { bytesRead } = socket as Socket;
    const response = this.answers.get(socket);
    const isAnswering = response?.headersSent && !response.writableFinished; // more would be read as a part of that
    if (!socket.writable || bytesRead === 0 || isAnswering) socket.destroy();
    else this.refusal(UNREADABLE[code]?.() ?? new BadRequest(), socket as Socket).write(socket);
  }

  private refusal(problem: Problem, { remoteAddress }: Socket): Refusal {
    const refusal = new Refusal(problem, securityHeaders(this.config));
    const ip = clientAddress(remoteAddress, undefined, this.trusts);
    this.log.info({ requestId: refusal.id, status: refusal.status, code: problem.code, ip });
    return refusal;
  }

  private cut(which: (response: ServerResponse | undefined) => boolean): void {
    for (const [socket, response] of this.answers) if (which(response)) socket.destroy();
  }

  /** Whoever fills us with connections must not fill the log as well. */
  private warn(message: string, about: object = {}): void {
    this.sparing.say(message, () => this.log.warn(about, message));
  }
}
