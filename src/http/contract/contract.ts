import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { ProblemClass } from '../../kit/problem';
import { Configure, configOfHandler } from './route-config';

type Answers<Body> = <M extends (...args: any[]) => Promise<Body> | Body>(
  target: object,
  key: string | symbol,
  route: TypedPropertyDescriptor<M>,
) => void;

const PROBLEMS = Symbol('problems of a route');

/**
 * Names what a route answers: its status, and the shape that documents, filters and formats the body.
 * The compiler holds the method's own return type against the shape.
 * @param or further answers by status, which the method picks by setting the status itself; undefined for no body.
 */
export function Returns(status: 204): Answers<void>;
export function Returns<T>(status: number, shape: Type<T>): Answers<T>;
export function Returns<T, U>(
  status: number,
  shape: Type<T>,
  or: Record<number, Type<U> | undefined>,
): Answers<T | U | void>;
export function Returns(status: number, shape?: Type, or: Record<number, Type | undefined> = {}): MethodDecorator {
  const shapes = { [status]: shape, ...or };
  const documented = Object.entries(shapes).map(([code, type]) =>
    ApiResponse({ status: Number(code), type, description: DESCRIPTIONS[Number(code)] ?? 'Done.' }),
  );
  return applyDecorators(HttpCode(status), Configure({ shapes }), ...documented);
}

const DESCRIPTIONS: Record<number, string> = {
  200: 'As asked.',
  201: 'Made.',
  202: 'Taken on; the answer is the same for everyone.',
  204: 'Done; there is nothing to say.',
};

/** For a route that writes a page or a file by itself: what it returns is sent as it is. */
export const Raw = (): MethodDecorator => Configure({ shapes: {} });

/** Names the problems that a route may answer with, so that the contract lists them. */
export const Throws =
  (...problems: ProblemClass[]): MethodDecorator =>
  (_target, _key, descriptor) => {
    const handler = descriptor.value as object;
    Reflect.defineMetadata(PROBLEMS, [...problemsOf(handler), ...problems], handler);
  };

/** The problems that a route names. */
export const problemsOf = (handler: object): ProblemClass[] => Reflect.getMetadata(PROBLEMS, handler) ?? [];

/** The shapes of a route's answers, by status; undefined while it does not say. */
export const shapesOf = (handler: object): Record<number, Type | undefined> | undefined =>
  configOfHandler(handler).shapes;
