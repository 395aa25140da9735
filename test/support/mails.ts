import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsNull, LessThanOrEqual, Not } from 'typeorm';
import { clock } from '../../src/kit/clock';
import { Database } from '../../src/database/database';
import type { LinkPurpose } from '../../src/mail/templates/links';
import { type KeptMail, Mailbox, newestFirst } from '../../src/mail/mailbox';
import { OutboxMessage } from '../../src/outbox/outbox-message.entity';
import { OutboxWorker } from '../../src/outbox/outbox.worker';

const PATIENCE = 200; // looks, some milliseconds apart: a lease that a crashed instance left is not waited for

/** Until nothing is due and nothing is on its way, whichever of the apps delivers it. */
export async function drain(apps: NestFastifyApplication[]): Promise<void> {
  for (let looks = 0; looks < PATIENCE; looks++) {
    for (const app of apps) await app.get(OutboxWorker).drain();
    const { manager } = apps[0]!.get(Database);
    const open = [{ leaseOwner: Not(IsNull()) }, { dueAt: LessThanOrEqual(clock.now()) }]; // one message may lead to another
    if ((await manager.countBy(OutboxMessage, open)) === 0) return;
    await pause(5);
  }
}

/** What the apps mailed to an address, newest first. */
export const mailsTo = (address: string, apps: NestFastifyApplication[]): KeptMail[] =>
  apps.flatMap((app) => app.get(Mailbox, { strict: false }).list(address)).sort(newestFirst);

/** The token of the newest link. */
export function tokenIn(mails: KeptMail[], purpose?: LinkPurpose): string {
  const links = mails.flatMap((mail) => mail.links).filter((link) => !purpose || link.includes(`/${purpose}#`));
  const token = /token=([^&\s]+)/.exec(links[0] ?? '')?.[1];
  if (!token)
    throw new Error(`There is no ${purpose ?? ''} link in ${JSON.stringify(mails.map(({ subject }) => subject))}.`);
  return token;
}
