import { Injectable } from '@nestjs/common';
import { And, IsNull, LessThan, MoreThanOrEqual } from 'typeorm';
import { Database } from '../../database/database';
import { firstIdAt } from '../../kit/id';
import { Rows, type Where } from '../../database/rows';
import { requestContext } from '../../kit/request-context';
import { mergePages, type Page } from '../../database/page';
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
    if (from && organizationId) from.organizationId ??= organizationId;
    await this.logs.add({
      action,
      targetType: target.type,
      targetId: target.id,
      organizationId: organizationId ?? null,
      actorId: actorId ?? from?.userId ?? null,
      ip: from?.ip ?? null,
      userAgent: from?.userAgent ?? null,
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

  /** What one person did, in every organization, and what was done to their account, by platform staff say. */
  async ofPerson(personId: string, { action, target, ...query }: ActivityQuery): Promise<Page<ActivityLog>> {
    const asked = { ...(action && { action }), ...between(query) };
    const done = this.logs.page(query, { ...asked, actorId: personId, ...(target && { targetId: target }) });
    const suffered =
      target && target !== personId ? [] : [this.logs.page(query, { ...asked, ...aboutPerson(personId) })];
    return mergePages(await Promise.all([done, ...suffered]), query.limit);
  }

  /** All of that. */
  async allOf(personId: string): Promise<ActivityLog[]> {
    const done = await this.logs.list({ actorId: personId });
    const suffered = await this.logs.list(aboutPerson(personId));
    return [...done, ...suffered.filter(({ actorId }) => actorId !== personId).map(withoutOrigin)];
  }

  /** Deletes lines that are older; tells how many. @param age milliseconds; Infinity keeps all */
  forget(age: number): Promise<number> {
    return this.logs.forget(age);
  }

  /** Takes away where a person came from; what was done stays, under an id that names nobody any more. */
  async anonymize(actorId: string): Promise<void> {
    await this.logs.change({ actorId }, { ip: null, userAgent: null });
  }
}

/** Where somebody was when they did it is for themselves, and for the organization whose log it is in. */
export const withoutOrigin = (line: ActivityLog): ActivityLog =>
  Object.assign(line, { ip: null, userAgent: null, requestId: null });

const aboutPerson = (personId: string) => ({ organizationId: IsNull(), targetId: personId, targetType: 'user' });

/** Ids sort by time, so a span of time is a range of the key. */
function between({ from, to }: Pick<ActivityQuery, 'from' | 'to'>): Where<ActivityLog> {
  const bounds = [
    ...(from ? [MoreThanOrEqual(firstIdAt(new Date(from)))] : []),
    ...(to ? [LessThan(firstIdAt(new Date(to)))] : []),
  ];
  return bounds.length > 0 ? { id: And(...bounds) } : {};
}
