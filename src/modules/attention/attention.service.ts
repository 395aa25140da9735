import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { clock } from '../../kit/clock';
import { Database, isDuplicate } from '../../kit/db/database';
import { Rows } from '../../kit/db/rows';
import type { ProviderName } from '../providers/payment.provider';
import { Attention, type AttentionKind } from './attention.entity';

/** `about` makes it one of its kind: told again while it is open, it is the same. */
export type Concern = {
  kind: AttentionKind;
  provider: ProviderName;
  about: string;
  organizationId?: string | null;
  paymentId?: string | null;
  amount?: number | null;
  currency?: string | null;
  details?: object;
};

/** What *accept* does about one of its kind, in the transaction that resolves it. */
type Accepting = (row: Attention) => Promise<void>;

/** The list of what only a person can decide about money. */
@Injectable()
export class AttentionService {
  private readonly rows: Rows<Attention>;
  private readonly accepting = new Map<AttentionKind, Accepting>();

  constructor(db: Database) {
    this.rows = new Rows(db, Attention);
  }

  /** Says what follows when a person accepts one of this kind; a kind of which nobody says so is only closed. */
  onAccept(kind: AttentionKind, accept: Accepting): void {
    this.accepting.set(kind, accept);
  }

  /** Puts it on the list, once. Part of a transaction. */
  async raise({ kind, provider, about, details = {}, ...concern }: Concern): Promise<void> {
    const openKey = `${kind}:${createHash('sha256').update(`${provider}:${about}`).digest('hex')}`;
    const seenAt = clock.now();
    const known = await this.rows.find({ openKey });
    if (known) return void (await this.rows.change({ id: known.id }, { times: known.times + 1, seenAt }));
    const row = { kind, provider, openKey, details, seenAt, times: 1, ...concern };
    await this.rows.add(row).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error; // another was faster
    });
  }

  /** Whether something about this payment waits for a person. */
  async isOpen(kind: AttentionKind, paymentId: string): Promise<boolean> {
    const found = await this.rows.list({ kind, paymentId });
    return found.some(({ openKey }) => openKey !== null);
  }
}
