import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { KeyRing } from '../../../kit/key-ring';
import { Database, isDuplicate } from '../../../database/database';
import { NotFound } from '../../../kit/problem';
import type { Where } from '../../../database/rows';
import { TenantRepository } from '../../../database/tenant.repository';
import { type Content, EmailMessage, type MessageStatus } from './email-message.entity';

/** The rows that have a status, which follows from their dates. */
export const having = (status: MessageStatus): Where<EmailMessage> => {
  const [none, some] = [IsNull(), Not(IsNull())];
  return {
    queued: { sentAt: none, suppressedAt: none, failedAt: none },
    sent: { sentAt: some },
    failed: { sentAt: none, suppressedAt: none, failedAt: some },
    suppressed: { sentAt: none, suppressedAt: some },
  }[status];
};

@Injectable()
export class MessagesRepository extends TenantRepository<EmailMessage> {
  constructor(
    db: Database,
    private readonly keys: KeyRing,
  ) {
    super(db, EmailMessage);
  }

  /** Adds a mail that is to be sent. */
  async enqueue(
    organizationId: string,
    values: Pick<EmailMessage, 'id' | 'email' | 'template' | 'transactional'>,
    content: Content,
  ): Promise<void> {
    await this.add(organizationId, { ...values, content: this.keys.seal(JSON.stringify(content), values.id) });
  }

  /** What a mail says, while it is not sent. */
  contentOf({ id, content }: EmailMessage): Content {
    return JSON.parse(this.keys.open(content!, id));
  }

  /** The row of a mail, made at its first try; null when the organization is gone. */
  async enter(organizationId: string, values: Pick<EmailMessage, 'id' | 'email' | 'template'>) {
    const known = await this.find(organizationId, { id: values.id });
    if (known) return known;
    return this.add(organizationId, { ...values, transactional: true, attempts: 0 }).catch((error: unknown) => {
      if (error instanceof NotFound || isDuplicate(error)) return null;
      throw error;
    });
  }

  ofAddress(email: string): Promise<EmailMessage[]> {
    return this.acrossOrganizations.list({ email });
  }

  async forgetAddress(email: string): Promise<void> {
    await this.acrossOrganizations.remove({ email });
  }

  /** Deletes what is older; tells how many. @param age milliseconds */
  forget(age: number): Promise<number> {
    return this.acrossOrganizations.forget(age);
  }
}
