import { IdField, NameField, TextField, TimeField } from '../../http/fields/fields';
import { PageQuery, pageOf } from '../../http/contract/page';

/** One line of an activity log. */
export class Activity {
  @IdField()
  id: string;

  @NameField({ max: 60, example: 'invite.created', description: '`<noun>.<what happened>`.' })
  action: string;

  @IdField({ nullable: true, description: 'Who did it; null for the system itself.' })
  actorId: string | null;

  @NameField({ max: 40, example: 'invite' })
  targetType: string;

  @IdField({ nullable: true })
  targetId: string | null;

  @IdField({ nullable: true })
  organizationId: string | null;

  @TextField({ max: 45, nullable: true, example: '203.0.113.7' })
  ip: string | null;

  @TextField({ max: 255, nullable: true, example: 'curl/8.5.0' })
  userAgent: string | null;

  @TextField({ max: 64, nullable: true, example: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55' })
  requestId: string | null;

  @TimeField()
  createdAt: Date;
}

export const ActivityPage = pageOf(Activity);

/** Which lines of a log. */
export class ActivityQuery extends PageQuery {
  @IdField({ optional: true, description: 'Only what this person did.' })
  actor?: string;

  @TextField({ optional: true, min: 1, max: 60, example: 'invite.created', description: 'Only this action.' })
  action?: string;

  @IdField({ optional: true, description: 'Only what was done to this.' })
  target?: string;

  @TimeField({ optional: true, description: 'Not before this moment.' })
  from?: string;

  @TimeField({ optional: true, description: 'Before this moment.' })
  to?: string;
}
