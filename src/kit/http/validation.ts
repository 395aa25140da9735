import { type ArgumentMetadata, Injectable, type Type, type ValidationError, ValidationPipe } from '@nestjs/common';
import * as transformerPackage from 'class-transformer';
import * as validatorPackage from 'class-validator';
import { type Fault, ValidationFailed } from '../errors/problem';
import { requireBounded } from './bounded-json';

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
    if (!Shape || Object.keys(sent).length > 0) return super.transform(sent, metadata);
    if (this.takesNothing.has(Shape)) return new Shape();
    const read: unknown = await super.transform(sent, metadata);
    this.takesNothing.add(Shape);
    return read;
  }
}

function faultsOf({ property, constraints = {}, children = [] }: ValidationError, parent = '#'): Fault[] {
  const pointer = `${parent}/${property.replace(/~/g, '~0').replace(/\//g, '~1')}`;
  const named = Object.values(constraints).map((message) => ({
    pointer,
    detail: message.replace(new RegExp(`^(property )?${escape(property)} `), ''),
  }));
  return [...named.slice(0, 1), ...children.flatMap((child) => faultsOf(child, pointer))];
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
