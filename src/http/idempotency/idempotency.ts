import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { IsNull, LessThan } from 'typeorm';
import { clock, DAY, fromNow, MINUTE } from '../../kit/clock';
import { KeyRing } from '../../kit/key-ring';
import { Database, isDuplicate } from '../../database/database';
import { newId } from '../../kit/id';
import { Rows } from '../../database/rows';
import { problem, ValidationFailed } from '../../kit/problem';
import { Throws } from '../contract/contract';
import { IdempotencyKey } from './idempotency-key.entity';
import { Serializer } from '../server/serializer';

export const RequestInFlight = problem(
  409,
  'request-in-flight',
  'A request with this Idempotency-Key is still running.',
);
export const KeyReused = problem(422, 'idempotency-key-reused', 'This Idempotency-Key was sent with another request.');

type Manner = { callsOut: boolean };
const Marked = Reflector.createDecorator<Manner>();
const LEASE = MINUTE;
const KEPT = DAY;
const LARGE = 60_000; // characters

/** What is kept of an answer. */
type Answered = { status: number; etag?: string; body: string };

/**
 * The route honours `Idempotency-Key`: the same key and body get the first answer again (`Idempotency-Replayed: true`), another
 * body 422, a request in flight 409. Keys are kept for 24 hours. After draft-ietf-httpapi-idempotency-key-header.
 * @param manner `callsOut`: the route calls others, so that no transaction may be around it; it has its own.
 */
export const Idempotent = (manner: Manner = { callsOut: false }) =>
  applyDecorators(
    Marked(manner),
    UseInterceptors(Idempotency),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      description: 'Send the same key again after a lost answer: the work is done once.',
    }),
    Throws(RequestInFlight, KeyReused, ValidationFailed),
  );

/** The answer is stored in the transaction that did the work: a crash leaves both or neither. What calls out goes without. */
@Injectable()
export class Idempotency implements NestInterceptor {
  private readonly keys: Rows<IdempotencyKey>;

  constructor(
    private readonly db: Database,
    private readonly ring: KeyRing,
    private readonly reflector: Reflector,
    private readonly serializer: Serializer,
  ) {
    this.keys = new Rows(db, IdempotencyKey);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context
      .switchToHttp()
      .getRequest<FastifyRequest & { caller?: { userId: string; organizationId?: string } }>();
    const key = request.headers['idempotency-key'];
    const manner = this.reflector.get(Marked, context.getHandler());
    if (key === undefined) return next.handle();
    if (typeof key !== 'string' || key.length < 1 || key.length > 255) {
      throw new ValidationFailed({ errors: [{ pointer: '#/Idempotency-Key', detail: 'must be 1 to 255 characters' }] });
    }
    const { userId, organizationId } = request.caller ?? {}; // one key in two organizations is two keys
    const keyHash = hash([userId, organizationId, request.method, request.url, key]);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const work = async () => {
      const value = await lastValueFrom(next.handle());
      return value === undefined ? undefined : this.serializer.write(reply, value);
    };
    return from(this.once(keyHash, hash(request.body), reply, manner, work));
  }

  /** Forgets keys older than a day; tells how many. */
  forget(): Promise<number> {
    return this.keys.sweep({ createdAt: LessThan(fromNow(-KEPT)) });
  }

  /** Takes the room of a large answer, and gives it back. @throws the driver's error where there is none */
  async tryRoom(): Promise<void> {
    const keyHash = newId();
    await this.keys.add({ keyHash, requestHash: '', leaseUntil: clock.now(), answer: '-'.repeat(LARGE) });
    await this.keys.remove({ keyHash });
  }

  private async once(
    keyHash: string,
    requestHash: string,
    reply: FastifyReply,
    { callsOut }: Manner,
    work: () => Promise<unknown>,
  ): Promise<unknown> {
    const answer = await this.claim(keyHash, requestHash);
    if (answer !== null) {
      const { status, etag, body } = JSON.parse(this.ring.open(answer, keyHash)) as Answered;
      reply.status(status).header('Idempotency-Replayed', 'true');
      if (etag) reply.header('ETag', etag);
      if (body) reply.header('content-type', 'application/json; charset=utf-8');
      return body;
    }
    const workAndKeep = async () => {
      const body = await work();
      const done = await this.keys.change(
        { keyHash, answer: IsNull() },
        { answer: this.ring.seal(JSON.stringify(answeredBy(reply, body)), keyHash) },
      );
      if (done !== 1) throw new RequestInFlight(); // another took over after our lease ran out: undo ours
      return body;
    };
    try {
      return await (callsOut ? workAndKeep() : this.db.transaction(workAndKeep));
    } catch (error) {
      await this.keys.remove({ keyHash, answer: IsNull() }).catch(() => undefined); // nothing was done: the key is free again
      throw error;
    }
  }

  /** Makes the key ours, or returns the answer that is stored under it. */
  private async claim(keyHash: string, requestHash: string): Promise<string | null> {
    try {
      await this.keys.add({ keyHash, requestHash, leaseUntil: fromNow(LEASE), answer: null });
      return null;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    const known = await this.keys.find({ keyHash });
    if (known && known.requestHash !== requestHash) throw new KeyReused();
    if (known?.answer) return known.answer;
    const takenOver = await this.keys.change(
      { keyHash, answer: IsNull(), leaseUntil: LessThan(clock.now()) },
      { leaseUntil: fromNow(LEASE) },
    );
    if (takenOver !== 1) throw new RequestInFlight({ retryAfter: 1 });
    return null;
  }
}

const answeredBy = (reply: FastifyReply, body: unknown): Answered => ({
  status: reply.statusCode,
  etag: reply.getHeader('etag') as string | undefined,
  body: String(body ?? ''),
});

const hash = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex');
