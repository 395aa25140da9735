import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThanOrEqual, Not } from 'typeorm';
import { clock } from '../../../kit/clock';
import { Database, isDuplicate } from '../../../database/database';
import { Rows } from '../../../database/rows';
import { Metrics } from '../../../telemetry/metrics';
import type { ProviderName } from '../providers/port/payment.provider';
import { Attention, ATTENTION_KINDS, type AttentionKind } from './attention.entity';

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

const OPEN_BY_KIND = 'SELECT kind, COUNT(*) AS n FROM attention WHERE open_key IS NOT NULL GROUP BY kind';

/** What *accept* does about one of its kind, in the transaction that resolves it. */
type Accepting = (row: Attention) => Promise<void>;

/** The list of what only a person can decide about money. */
@Injectable()
export class AttentionService {
  private readonly rows: Rows<Attention>;
  private readonly accepting = new Map<AttentionKind, Accepting>();

  constructor(
    private readonly db: Database,
    metrics: Metrics,
  ) {
    this.rows = new Rows(db, Attention);
    metrics.gauge('attention_open', 'What waits for a person to decide about money.', () => this.openByKind(), 'kind');
  }

  /** Says what follows when a person accepts one of this kind; a kind of which nobody says so is only closed. @throws Error for one of which somebody does */
  onAccept(kind: AttentionKind, accept: Accepting): void {
    if (this.accepting.has(kind)) throw new Error(`What accepting ${kind} does is said twice.`);
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

  /** Does what accepting it means. Part of a transaction. */
  async accept(row: Attention): Promise<void> {
    await this.accepting.get(row.kind)?.(row);
  }

  /** @throws NotFound */
  get(id: string): Promise<Attention> {
    return this.rows.get({ id });
  }

  async isAnyOpen(): Promise<boolean> {
    return (await this.rows.find({ openKey: Not(IsNull()) })) !== null;
  }

  newestOpen(limit: number): Promise<Attention[]> {
    return this.rows.repository.find({ where: { openKey: Not(IsNull()) }, order: { id: 'DESC' }, take: limit });
  }

  /** How many of each kind wait. */
  async openByKind(): Promise<Record<AttentionKind, number>> {
    const none = Object.fromEntries(ATTENTION_KINDS.map((kind) => [kind, 0])) as Record<AttentionKind, number>;
    const counted = await this.db.select<{ kind: AttentionKind; n: number }>(OPEN_BY_KIND, []);
    return Object.assign(none, Object.fromEntries(counted.map(({ kind, n }) => [kind, n])));
  }

  /** Whether anything of these kinds about this payment, first seen since then, waits for a person. */
  async isOpen(kinds: AttentionKind[], paymentId: string, since: Date): Promise<boolean> {
    const of = { kind: In(kinds), paymentId, openKey: Not(IsNull()), createdAt: MoreThanOrEqual(since) };
    return (await this.rows.find(of)) !== null;
  }
}
