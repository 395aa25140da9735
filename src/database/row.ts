import {
  type EntitySubscriberInterface,
  EventSubscriber,
  type InsertEvent,
  type UpdateEvent,
  VersionColumn,
} from 'typeorm';
import { clock } from '../kit/clock';
import { BelongsTo, IdColumn, MomentColumn, PrimaryId } from './columns';
import { newId } from '../kit/id';

/** A row that is written once. Its id tells when. */
export abstract class Row {
  @PrimaryId()
  id: string;

  @MomentColumn()
  createdAt: Date;
}

/** Of a row, any of which will do. */
export type Versions = readonly number[];

/** A row that changes. `version` counts its changes: it is the row's ETag. */
export abstract class LivingRow extends Row {
  @MomentColumn()
  updatedAt: Date;

  @VersionColumn()
  version: number;
}

/** A row that belongs to one organization. Read and write it through TenantRepository only. */
export abstract class TenantRow extends LivingRow {
  @IdColumn()
  organizationId: string;

  /** By name, not by import: the kit knows no module. The foreign key deletes a tenant's rows with the tenant. */
  @BelongsTo('Organization', 'organization_id', 'CASCADE')
  organization?: unknown;
}

/** Ids and times come from the application, so that they are the same on every engine. */
@EventSubscriber()
export class Stamps implements EntitySubscriberInterface {
  beforeInsert({ entity, metadata }: InsertEvent<Partial<LivingRow>>) {
    const now = clock.now();
    if (metadata.findColumnWithPropertyName('id')) entity.id ??= newId();
    entity.createdAt ??= now;
    if (metadata.findColumnWithPropertyName('updatedAt')) entity.updatedAt ??= now;
  }

  beforeUpdate({ entity, metadata }: UpdateEvent<Partial<LivingRow>>) {
    if (entity && metadata.findColumnWithPropertyName('updatedAt')) entity.updatedAt = clock.now();
  }
}
