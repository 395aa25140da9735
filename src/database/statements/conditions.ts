import { FindOperator, type ObjectLiteral } from 'typeorm';

/** What a condition compares, and with what. */
export type Term<Column> = { column: Column; sql: string; values: unknown[] };

const MAX_LIST = 100; // each length is a text of its own

const COMPARISONS: Record<string, string> = {
  lessThan: '< ?',
  lessThanOrEqual: '<= ?',
  moreThan: '> ?',
  moreThanOrEqual: '>= ?',
};

/**
 * The terms of a where-clause, all of which must hold; undefined where it says more than values, comparisons and null on columns
 * that `find` knows by their path (`['user', 'email']`).
 */
export function termsOf<Column>(
  where: ObjectLiteral,
  find: (path: string[]) => Column | undefined,
  path: string[] = [],
): Term<Column>[] | undefined {
  const terms: Term<Column>[] = [];
  for (const [name, wanted] of Object.entries(where)) {
    const column = find([...path, name]);
    const found = column ? comparing(column, wanted) : isNested(wanted) && termsOf(wanted, find, [...path, name]);
    if (!found) return undefined;
    terms.push(...found);
  }
  return terms;
}

function comparing<Column>(column: Column, wanted: unknown): Term<Column>[] | undefined {
  if (wanted === undefined || wanted === null) return undefined; // TypeORM throws: it must not match every row
  if (!(wanted instanceof FindOperator))
    return isNested(wanted) ? undefined : [{ column, sql: '= ?', values: [wanted] }];
  if (wanted.type === 'isNull') return [{ column, sql: 'IS NULL', values: [] }];
  if (wanted.type === 'in') return among(column, wanted.value as unknown as unknown[]);
  if (wanted.type === 'and') return both(column, wanted.value as unknown as unknown[]);
  if (wanted.type === 'not' && wanted.child)
    return wanted.child.type === 'isNull' ? [{ column, sql: 'IS NOT NULL', values: [] }] : undefined;
  const sql = wanted.type === 'not' ? '<> ?' : COMPARISONS[wanted.type];
  return sql && !wanted.child ? [{ column, sql, values: [wanted.value] }] : undefined;
}

function among<Column>(column: Column, values: unknown[]): Term<Column>[] | undefined {
  if (values.length === 0 || values.length > MAX_LIST) return undefined;
  return [{ column, sql: `IN (${values.map(() => '?').join()})`, values }];
}

function both<Column>(column: Column, wanted: unknown[]): Term<Column>[] | undefined {
  const terms = wanted.map((one) => comparing(column, one));
  return terms.includes(undefined) ? undefined : (terms as Term<Column>[][]).flat();
}

const isNested = (value: unknown): value is ObjectLiteral =>
  typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof FindOperator);
