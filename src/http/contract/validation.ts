import { type ArgumentMetadata, Injectable, type Type, type ValidationError, ValidationPipe } from '@nestjs/common';
import * as transformerPackage from 'class-transformer';
import * as validatorPackage from 'class-validator';
import { type Fault, pointerTo, ValidationFailed } from '../../kit/problem';
import { requireBounded } from '../fields/bounded-json';

/** Checks every body and query against its shape, refuses what the shape does not name, and lists each fault by its JSON pointer. */
@Injectable()
export class Validation extends ValidationPipe {
  /** Shapes that are known to be content with nothing, as those of most queries: they need not be asked again. */
  private readonly takesNothing = new WeakSet<Type>();

  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validatorPackage, // those that are here: the pipe would have Node read all their files once more, as a module's
      transformerPackage,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new ValidationFailed({ errors: errors.flatMap((error) => faultsOf(error)) }),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata) {
    if (metadata.type !== 'body' && metadata.type !== 'query') return value;
    const sent = value ?? {};
    if (typeof sent !== 'object' || Array.isArray(sent)) {
      throw new ValidationFailed({ errors: [{ pointer: '#', detail: 'must be a JSON object' }] });
    }
    if (metadata.type === 'query') requireBounded(sent); // the parser saw to bodies; here `constructor` would be dropped in silence
    const Shape = metadata.metatype;
    if (!Shape || Object.keys(sent).length > 0) return whole(sent, await super.transform(sent, metadata));
    if (this.takesNothing.has(Shape)) return new Shape();
    const read: unknown = await super.transform(sent, metadata);
    this.takesNothing.add(Shape);
    return read;
  }
}

function faultsOf({ property, constraints = {}, children = [] }: ValidationError, parent = '#'): Fault[] {
  const pointer = pointerTo(parent, property);
  const [message] = Object.values(constraints);
  const named = message === undefined ? [] : [{ pointer, detail: withoutName(message, property) }];
  return [...named, ...children.flatMap((child) => faultsOf(child, pointer))];
}

function withoutName(message: string, property: string): string {
  const name = [`property ${property} `, `${property} `].find((start) => message.startsWith(start)) ?? '';
  return message.slice(name.length);
}

/** What was read, if it is all that was sent: the library drops the names that every object has by birth (`toString`) in silence. */
function whole<T>(sent: object, read: T): T {
  const errors = unread(sent, read).map((pointer) => ({ pointer, detail: NOT_NAMED }));
  if (errors.length > 0) throw new ValidationFailed({ errors });
  return read;
}

export const NOT_NAMED = 'should not exist';

function unread(sent: unknown, read: unknown, parent = '#'): string[] {
  if (sent === read || typeof sent !== 'object' || typeof read !== 'object' || !sent || !read) return [];
  return Object.entries(sent).flatMap(([name, value]) => {
    const pointer = pointerTo(parent, name);
    return Object.hasOwn(read, name) ? unread(value, (read as Record<string, unknown>)[name], pointer) : [pointer];
  });
}
