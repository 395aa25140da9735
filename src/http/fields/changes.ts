import type { Type } from '@nestjs/common';
import { PartialType } from '@nestjs/swagger';

/** The same fields, each of which may be left out. Null stays refused, unless the field allows it: PartialType alone would take it. */
export const changesOf = <T>(Shape: Type<T>): Type<Partial<T>> => PartialType(Shape, { skipNullProperties: false });
