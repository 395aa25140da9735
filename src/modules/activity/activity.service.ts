import { Injectable } from '@nestjs/common';
import { And, LessThan, MoreThanOrEqual } from 'typeorm';
import { Database } from '../../kit/db/database';
import { firstIdAt } from '../../kit/db/id';
import { Rows, type Where } from '../../kit/db/rows';
import { requestContext } from '../../kit/http/context';
import type { Page } from '../../kit/http/page';
import type { ActivityQuery } from './activity.api';
import { ActivityLog } from './activity-log.entity';

export type Target = { type: string; id: string | null };
export type Scope = { organizationId?: string; actorId?: string };

/** The trail: every change leaves one line, in the transaction that made it. */
@Injectable()
export class ActivityService {
  private readonly logs: Rows<ActivityLog>;

  constructor(db: Database) {
    this.logs = new Rows(db, ActivityLog);
  }

  /** Adds a line. The actor is the caller of the current request, unless one is named. */
  async record(action: string, target: Target, { organizationId, actorId }: Scope = {}): Promise<void> {
    const from = requestContext();
    await this.logs.add({
      action,
      targetType: target.type,
      targetId: target.id,
      organizationId: organizationId ?? null,
      actorId: actorId ?? from?.userId ?? null,
      ip: from?.ip ?? null,
      userAgent: from?.userAgent.slice(0, 255) ?? null,
      requestId: from?.requestId ?? null,
    });
  }

  ofOrganization(
    organizationId: string,
    { actor, action, target, ...query }: ActivityQuery,
  ): Promise<Page<ActivityLog>> {
    const where = {
      organizationId,
      ...(actor && { actorId: actor }),
      ...(action && { action }),
      ...(target && { targetId: target }),
    };
    return this.logs.page(query, { ...where, ...between(query) });
  }

  /** What one person did, in every organization. */
  ofPerson(actorId: string, { action, target, ...query }: ActivityQuery): Promise<Page<ActivityLog>> {
    return this.logs.page(query, {
      actorId,
      ...(action && { action }),
      ...(target && { targetId: target }),
      ...between(query),
    });
  }

  /** All that one person did. */
  allOf(actorId: string): Promise<ActivityLog[]> {
    return this.logs.list({ actorId });
  }

  /** Takes away where a person came from; what was done stays, under an id that names nobody any more. */
  async anonymize(actorId: string): Promise<void> {
    await this.logs.change({ actorId }, { ip: null, userAgent: null });
  }
}

/** Ids sort by time, so a span of time is a range of the key. */
function between({ from, to }: Pick<ActivityQuery, 'from' | 'to'>): Where<ActivityLog> {
  const bounds = [
    ...(from ? [MoreThanOrEqual(firstIdAt(new Date(from)))] : []),
    ...(to ? [LessThan(firstIdAt(new Date(to)))] : []),
  ];
  return bounds.length > 0 ? { id: And(...bounds) } : {};
}
