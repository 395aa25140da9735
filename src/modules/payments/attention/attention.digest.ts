import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { HOUR } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { Job } from '../../../jobs/job';
import { Leases } from '../../../database/leases/leases';
import { SystemMailer } from '../../../mail/system-mailer';
import { systemTemplate } from '../../../mail/templates/system-template';
import { showMoney } from '../../../kit/money';
import { type Delivery, On } from '../../../outbox/outbox.handlers';
import { Outbox } from '../../../outbox/outbox';
import { UsersService } from '../../users/users.service';
import type { Attention } from './attention.entity';
import { AttentionService } from './attention.service';

const ONCE = 20 * HOUR; // of several instances one sends it, and the clocks of none need be in step
const SHOWN = 10;

const DIGEST = systemTemplate('attention-digest', {
  about: 'account',
  examples: {
    name: 'Ada',
    count: '3',
    kinds: '2 paid-twice, 1 dispute',
    newest: 'dispute (stripe, EUR 19.00, since 2026-01-31)',
  },
  sentences: ['kinds', 'newest'],
  words: {
    en: {
      subject: 'Waiting for a decision about money: {{count}}',
      greeting: 'Hello {{name}},',
      lines: ['This waits for somebody to decide: {{kinds}}.', 'The newest: {{newest}}.'],
      footer:
        'You get this mail because you may write payments of the whole platform. Nothing is sent on days without anything open.',
    },
  },
});

/** Tells those who may decide, once a day, what waits for them. */
@Injectable()
export class AttentionDigest {
  constructor(
    private readonly db: Database,
    private readonly attention: AttentionService,
    private readonly users: UsersService,
    private readonly leases: Leases,
    private readonly outbox: Outbox,
    private readonly mailer: SystemMailer,
  ) {}

  @Job('attention.digest', CronExpression.EVERY_DAY_AT_7AM)
  async fanOut(): Promise<void> {
    if (!(await this.attention.isAnyOpen()) || !(await this.leases.take('attention digest', ONCE))) return;
    const readers = await this.users.staffWith('payments:write');
    await this.db.transaction(async () => {
      for (const { id: userId } of readers) await this.outbox.add('attention.digested', { userId });
    });
  }

  @On('attention.digested')
  async send({ userId }: { userId: string }, delivery: Delivery): Promise<void> {
    const reader = (await this.users.staffWith('payments:write')).find(({ id }) => id === userId);
    const counts = Object.entries(await this.attention.openByKind()).filter(([, n]) => n > 0);
    if (!reader || counts.length === 0) return;
    const values = {
      name: reader.name,
      count: String(counts.reduce((sum, [, n]) => sum + n, 0)),
      kinds: counts.map(([kind, n]) => `${n} ${kind}`).join(', '),
      newest: (await this.attention.newestOpen(SHOWN)).map(lineOf).join('; '),
    };
    await this.mailer.send(delivery, DIGEST, { to: reader.email }, values);
  }
}

function lineOf({ kind, provider, amount, currency, createdAt }: Attention): string {
  const money = amount !== null && currency !== null ? `, ${showMoney({ amount, currency })}` : '';
  return `${kind} (${provider}${money}, since ${createdAt.toISOString().slice(0, 10)})`;
}
