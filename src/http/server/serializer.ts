import { Injectable, type Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import fastJsonStringify from 'fast-json-stringify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tagOf } from '../caching/cached';
import { isPage } from '../contract/page';
import { configOf } from '../contract/route-config';

type Write = (value: unknown) => string;

/**
 * Writes every answer through its shape: what the shape does not name is not sent. It is compiled from the schema that the contract
 * shows. A single resource gets an ETag: its row's version, or else a hash of what is sent.
 */
@Injectable()
export class Serializer {
  private readonly writers = new Map<string, Write>();
  private document: OpenAPIObject;

  /** The contract, whose schemas the answers are written by; given once, before the first request. */
  use(document: OpenAPIObject): void {
    this.document = document;
  }

  /** Has what the route returns written by its shapes. What is written already, an error for one, stays as it is. */
  serve(request: FastifyRequest, reply: FastifyReply): void {
    const { shapes } = configOf(request);
    if (Object.values(shapes ?? {}).some(Boolean))
      reply.serializer((value: unknown) => (typeof value === 'string' ? value : this.write(reply, value)));
  }

  /** The body of an answer of the status that the reply has by now. */
  write(reply: FastifyReply, value: unknown): string {
    const shape = configOf(reply.request).shapes?.[reply.statusCode];
    if (!shape) return JSON.stringify(value);
    const body = this.writerOf(shape)(value);
    reply.header('content-type', 'application/json; charset=utf-8');
    const { version = null } = value as { version?: unknown };
    if (!isPage(shape)) reply.header('ETag', version === null ? tagOf(body) : `"${String(version)}"`);
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
