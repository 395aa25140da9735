import { type EntityMetadata, FindOperator, type ObjectLiteral } from 'typeorm';

/**
 * The names of the indexes that a page of such rows may be read along: they begin with columns that `where` sets equal to a value or
 * to null, as many as any index of the table does, and go on by the id or end there.
 */
export function keysetIndexes({ indices }: EntityMetadata, where: ObjectLiteral): string[] {
  const isEqual = (name: string) =>
    where[name] instanceof FindOperator ? where[name].type === 'isNull' : where[name] !== undefined;
  const found = indices
    .map(({ name, columns }) => ({ name, prefix: columns.map((one) => one.propertyName) }))
    .map(({ name, prefix }) => ({ name, prefix: prefix.at(-1) === 'id' ? prefix.slice(0, -1) : prefix }))
    .filter(({ prefix }) => prefix.length > 0 && prefix.every(isEqual));
  const most = Math.max(...found.map(({ prefix }) => prefix.length));
  return found.filter(({ prefix }) => prefix.length === most).map(({ name }) => name);
}
