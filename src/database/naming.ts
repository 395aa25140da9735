import { DefaultNamingStrategy, type Table } from 'typeorm';
import { snakeCase } from 'typeorm/util/StringUtils.js';

/** snake_case columns, and names of indexes and keys that can be read in an error: `ix_users_email`, `fk_sessions_user_id`. */
export class Naming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snakeCase(propertyName);
  }

  override joinColumnName(relationName: string, referencedColumnName: string): string {
    return snakeCase(`${relationName}_${referencedColumnName}`);
  }

  override indexName(table: Table | string, columns: string[]): string {
    return named('ix', table, columns);
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return named('fk', table, columns);
  }
}

const named = (kind: string, table: Table | string, columns: string[]): string => {
  const name = typeof table === 'string' ? table : table.name;
  return `${kind}_${name.split('.').pop()}_${[...columns].sort().join('_')}`.slice(0, 64);
};
