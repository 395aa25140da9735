import { Entity, Index } from 'typeorm';
import { IdColumn, StringColumn } from '../../database/columns';
import { Row } from '../../database/row';

/** Who did what to what, when and from where. Written once; bound to nothing by a foreign key, since it outlives what it tells of. */
@Entity('activity_logs')
@Index(['organizationId', 'id'])
@Index(['organizationId', 'actorId', 'id'])
@Index(['organizationId', 'action', 'id'])
@Index(['organizationId', 'targetId', 'id'])
@Index(['actorId', 'id'])
@Index(['actorId', 'action', 'id'])
@Index(['actorId', 'targetId', 'id'])
export class ActivityLog extends Row {
  @IdColumn({ nullable: true })
  organizationId: string | null;

  /** Null when the system itself acted, or someone not signed in. */
  @IdColumn({ nullable: true })
  actorId: string | null;

  /** `<noun>.<what happened>`: `invite.created`. */
  @StringColumn(60)
  action: string;

  @StringColumn(40)
  targetType: string;

  @IdColumn({ nullable: true })
  targetId: string | null;

  @StringColumn(45, { nullable: true })
  ip: string | null;

  @StringColumn(255, { nullable: true })
  userAgent: string | null;

  @StringColumn(64, { nullable: true })
  requestId: string | null;
}
