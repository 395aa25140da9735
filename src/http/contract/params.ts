import { Param, type PipeTransform } from '@nestjs/common';
import { isId } from '../../kit/id';
import { NotFound } from '../../kit/problem';

/** What is not an id names nothing: the same answer as for an id that is not there. */
const id: PipeTransform = {
  transform(value: unknown) {
    if (!isId(value)) throw new NotFound();
    return value;
  },
};

/** An id in the path. @throws NotFound for anything that is not a UUID in lower case. */
export const IdParam = (name: string) => Param(name, id);

/** A name in the path that matches `pattern`. @throws NotFound for anything else. */
export const TextParam = (name: string, pattern: Pick<RegExp, 'test'>) =>
  Param(name, {
    transform(value: unknown) {
      if (typeof value !== 'string' || !pattern.test(value)) throw new NotFound();
      return value;
    },
  });

/** One of a few names in the path. @throws NotFound for anything else */
export const EnumParam = (name: string, values: readonly string[]) =>
  TextParam(name, { test: (text) => values.includes(text) });

/** Words of an address: lower-case letters, digits and single hyphens. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A slug in the path. @throws NotFound for anything else */
export const SlugParam = (name: string) => TextParam(name, SLUG);
