import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In } from 'typeorm';
import type { Member } from '../../../access/caller';
import { KeyRing } from '../../../kit/key-ring';
import { Database, isDuplicate } from '../../../database/database';
import { NotFound } from '../../../kit/problem';
import type { Page } from '../../../database/page';
import { Links } from '../../../mail/templates/links';
import { ActivityService } from '../../activity/activity.service';
import { LinkDead } from '../../auth/links/links.errors';
import { UsersService } from '../../users/users.service';
import { type Suppression, SUPPRESSION_REASONS, type SuppressionReason } from './suppression.entity';
import type { SuppressionQuery } from './suppressions.api';
import { SuppressionsRepository } from './suppressions.repository';

const CONTEXT = 'unsubscribe';

/** Whom an organization does not write to. */
@Injectable()
export class SuppressionsService implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly suppressions: SuppressionsRepository,
    private readonly users: UsersService,
    private readonly activity: ActivityService,
    private readonly keys: KeyRing,
    private readonly links: Links,
  ) {}

  onModuleInit(): void {
    this.users.onDelete(({ email }) => this.suppressions.forgetAddress(email));
    this.users.onExport('suppressions', async ({ email }) =>
      (await this.suppressions.ofAddress(email)).map(({ organizationId, reason, createdAt }) => ({
        organizationId,
        reason,
        createdAt,
      })),
    );
  }

  list({ organizationId }: Member, { email, ...query }: SuppressionQuery): Promise<Page<Suppression>> {
    return this.suppressions.page(organizationId, query, email ? { email } : {});
  }

  remove({ organizationId }: Member, id: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.suppressions.remove(organizationId, { id })) === 0) throw new NotFound();
      await this.activity.record('suppression.removed', { type: 'suppression', id }, { organizationId });
    });
  }

  /** Whether a mail to this address stays unsent. */
  async stops(organizationId: string, email: string, isTransactional: boolean): Promise<boolean> {
    const reasons: SuppressionReason[] = isTransactional ? ['bounced'] : [...SUPPRESSION_REASONS];
    return (await this.suppressions.find(organizationId, { email, reason: In(reasons) })) !== null;
  }

  /** Adds an address; once is enough. @throws NotFound when the organization is gone */
  async add(organizationId: string, email: string, reason: SuppressionReason): Promise<void> {
    if (await this.suppressions.find(organizationId, { email, reason })) return;
    await this.suppressions.add(organizationId, { email, reason }).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
    });
  }

  /**
   * How the recipient of a mail gets no more of them: the headers by which a mail client does it at one click (RFC 8058), and the
   * address of a page for a person. The token is sealed, since it names an address, and has no row, since it never ends.
   */
  wayOut(organizationId: string, email: string): { headers: Record<string, string>; url: string } {
    const token = this.keys.seal(JSON.stringify([organizationId, email]), CONTEXT);
    const headers = {
      'List-Unsubscribe': `<${this.links.toApi(`/messages/unsubscribe/${token}`)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
    return { headers, url: this.links.to('unsubscribe', token).href };
  }

  /** @throws LinkDead for what is no token of ours */
  async unsubscribe(token: string): Promise<void> {
    const [organizationId, email] = this.read(token);
    await this.add(organizationId, email, 'unsubscribed').catch((error: unknown) => {
      throw error instanceof NotFound ? new LinkDead() : error;
    });
  }

  private read(token: string): [organizationId: string, email: string] {
    try {
      return JSON.parse(this.keys.open(token, CONTEXT));
    } catch {
      throw new LinkDead();
    }
  }
}
