import { applyDecorators } from '@nestjs/common';
import { Column, type ColumnOptions, JoinColumn, ManyToOne, type ObjectType, PrimaryColumn } from 'typeorm';

/** Our column types, each written once. Strings carry a length, so that every engine refuses what the shape refuses. */
const ID: ColumnOptions = { type: 'varchar', length: 36 };

export const PrimaryId = () => PrimaryColumn({ type: 'varchar', length: 36 });
export const IdColumn = (options: ColumnOptions = {}) => Column({ ...ID, ...options });
export const TokenHashColumn = () => Column({ type: 'varchar', length: 64 });
export const EmailColumn = (options: ColumnOptions = {}) => Column({ type: 'varchar', length: 254, ...options });
export const StringColumn = (length: number, options: ColumnOptions = {}) =>
  Column({ type: 'varchar', length, ...options });
export const TextColumn = (options: ColumnOptions = {}) => Column({ type: 'text', ...options });
/** Up to 16 MiB. */
export const LongTextColumn = (options: ColumnOptions = {}) => Column({ type: 'mediumtext', ...options });
export const IntegerColumn = (options: ColumnOptions = {}) => Column({ type: 'int', ...options });
/** Minor units: 64 bits, of which a number keeps 53 to the letter. */
export const AmountColumn = (options: ColumnOptions = {}) => Column({ type: 'bigint', ...options });
export const BooleanColumn = () => Column({ type: 'boolean', default: false });

/** Milliseconds, UTC. Set by the application: no two engines agree on a default. */
export const MomentColumn = (options: ColumnOptions = {}) => Column({ type: 'datetime', precision: 3, ...options });

/** A JSON object or array; a bare string or number would not come back the same from every engine. */
export const JsonColumn = (options: ColumnOptions = {}) => Column({ type: 'json', ...options });

/** Counts the turns of a row that is locked: `Database.lock`. Nobody reads it. */
export const TurnColumn = () => Column({ type: 'int', default: 0, select: false });

type OnDelete = 'CASCADE' | 'RESTRICT' | 'SET NULL';
type Entity = string | (() => ObjectType<unknown>);
const relation = (entity: Entity, onDelete: OnDelete) =>
  ManyToOne(entity as () => ObjectType<unknown>, { onDelete, onUpdate: 'NO ACTION' });

/** The row of another table that `column` names, by a foreign key. */
export const BelongsTo = (entity: Entity, column: string, onDelete: OnDelete): PropertyDecorator =>
  applyDecorators(relation(entity, onDelete), JoinColumn({ name: column }));

/** The same inside one organization: the key takes the organization along, so that the database refuses a row of another. */
export const BelongsWithin = (entity: Entity, column: string, onDelete: OnDelete, key = 'id'): PropertyDecorator => {
  const columns = [
    { name: 'organization_id', referencedColumnName: 'organizationId' },
    { name: column, referencedColumnName: key },
  ];
  return applyDecorators(relation(entity, onDelete), JoinColumn(columns));
};
