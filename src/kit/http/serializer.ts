import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, type Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import fastJsonStringify from 'fast-json-stringify';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { shapesOf } from './contract';
import { isPage } from './page';

type Write = (value: unknown) => string;

/**
 * Writes every answer through its shape: what the shape does not name is not sent. It is compiled from the schema that the contract
 * shows. A single resource gets an ETag: its row's version, or else a hash of what is sent.
 */
@Injectable()
export class Serializer implements NestInterceptor {
  private readonly writers = new Map<string, Write>();
  private document: OpenAPIObject;

  /** The contract, whose schemas the answers are written by; given once, before the first request. */
  use(document: OpenAPIObject): void {
    this.document = document;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const shapes = shapesOf(context.getHandler()) ?? {};
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((value) => {
        const shape = shapes[reply.statusCode];
        return shape ? this.send(reply, shape, value) : value;
      }),
    );
  }

  private send(reply: FastifyReply, shape: Type, value: { version?: number }): string {
    const body = this.writerOf(shape)(value);
    reply.header('content-type', 'application/json; charset=utf-8');
    if (!isPage(shape))
      reply.header('ETag', `"${value.version ?? createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`);
    return body;
  }

  private writerOf({ name }: Type): Write {
    let write = this.writers.get(name);
    if (!write) {
      const { schemas } = this.document.components!;
      write = fastJsonStringify({ components: { schemas }, $ref: `#/components/schemas/${name}` } as never);
      this.writers.set(name, write);
    }
    return write;
  }
}
