import { type FindOperator, Raw } from 'typeorm';

let uses = 0; // a parameter has one value in a query, and a query may look for several beginnings

/** Text that begins with this, in any case. The escape is named: SQLite has none of its own, and MySQL's is a setting. */
export function beginsWith(text: string): FindOperator<string> {
  const name = `begins${(uses = (uses + 1) % 1000)}`;
  const pattern = `${text.replace(/[!%_]/g, '!$&')}%`;
  return Raw((column) => `LOWER(${column}) LIKE LOWER(:${name}) ESCAPE '!'`, { [name]: pattern });
}
