import { type FindOperator, Raw } from 'typeorm';
import type { Database } from './database';

/** A JSON list of strings that holds this one, to the letter. It is found by reading: let an index narrow the rows down. */
export const jsonHolds = ({ isEmbedded }: Database, text: string): FindOperator<unknown> =>
  isEmbedded
    ? Raw((column) => `EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = :held)`, { held: text })
    : Raw((column) => `JSON_CONTAINS(${column}, :held)`, { held: JSON.stringify(text) });
