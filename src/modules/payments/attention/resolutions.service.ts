import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import type { Caller } from '../../../access/caller';
import { clock } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { Rows } from '../../../database/rows';
import { ValidationFailed } from '../../../kit/problem';
import type { Page } from '../../../database/page';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import type { AttentionQuery, Resolution } from './attention.api';
import { Attention } from './attention.entity';
import { AlreadyResolved, NothingToRefund } from './attention.errors';
import { AttentionService } from './attention.service';

/** What people decide about the list. */
@Injectable()
export class ResolutionsService {
  private readonly rows: Rows<Attention>;

  constructor(
    private readonly db: Database,
    private readonly attention: AttentionService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {
    this.rows = new Rows(db, Attention);
  }

  list({ state, kind, provider, organization, ...page }: AttentionQuery): Promise<Page<Attention>> {
    return this.rows.page(page, {
      openKey: state === 'open' ? Not(IsNull()) : IsNull(),
      ...(kind && { kind }),
      ...(provider && { provider }),
      ...(organization && { organizationId: organization }),
    });
  }

  /** The decision and what it leads to, both or neither, once. @throws NotFound, ValidationFailed, AlreadyResolved, NothingToRefund */
  resolve({ userId }: Caller, id: string, { action, reason }: Resolution): Promise<Attention> {
    if (action === 'ignore' && !reason)
      throw new ValidationFailed({ errors: [{ pointer: '#/reason', detail: 'must say why it is ignored' }] });
    return this.db.transaction(async () => {
      const row = await this.rows.get({ id });
      const decided = {
        openKey: null,
        resolvedAt: clock.now(),
        resolvedBy: userId,
        resolution: action,
        reason: reason ?? null,
      };
      if ((await this.rows.change({ id, openKey: Not(IsNull()) }, decided)) === 0) throw new AlreadyResolved();
      if (action === 'refund' && !row.isRefundable) throw new NothingToRefund();

      const { organizationId } = row;
      await this.activity.record(
        'attention.resolved',
        { type: 'attention', id },
        { ...(organizationId && { organizationId }) },
      );
      if (action === 'accept') await this.attention.accept(row);
      if (action === 'refund') await this.outbox.add('attention.refunded', { attentionId: id });
      return this.rows.get({ id });
    });
  }
}
