import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { NotFound } from '../../kit/errors/problem';
import { SystemMailer } from '../../kit/mail/system-mailer';
import { systemTemplate } from '../../kit/mail/system-template';
import { type Delivery, On } from '../../kit/outbox/on';
import { Outbox } from '../../kit/outbox/outbox';
import { MembersService } from '../organizations/members.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { PaymentsRepository } from './payments.repository';

type Paid = { organizationId: string; paymentId: string; amount: string };

const RECEIPT = systemTemplate('receipt', {
  about: 'organization',
  examples: {
    name: 'Ada',
    organization: 'Acme',
    amount: 'EUR 19.00',
    plan: 'Team × 2',
    date: '2026-01-31',
    provider: 'Stripe',
    reference: 'pi_3QPayment',
    payment: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55',
  },
  required: ['amount', 'payment'],
  words: {
    en: {
      subject: 'Receipt: {{amount}} for {{plan}}',
      greeting: 'Hello {{name}},',
      lines: [
        '{{organization}} paid {{amount}} for {{plan}}. Thank you.',
        'Paid on {{date}} through {{provider}}. Their number: {{reference}}. Ours: {{payment}}.',
      ],
      footer: 'You get this mail because you may see the payments of this organization.',
    },
  },
});

/** Receipts, to everyone who sees an organization's payments. */
@Injectable()
export class PaymentsMail {
  constructor(
    private readonly db: Database,
    private readonly mailer: SystemMailer,
    private readonly outbox: Outbox,
    private readonly members: MembersService,
    private readonly organizations: OrganizationsService,
    private readonly payments: PaymentsRepository,
  ) {}

  @On('payment.succeeded')
  fanOut({ organizationId, paymentId, amount }: Paid): Promise<void> {
    return this.db.transaction(async () => {
      for (const userId of await this.members.holdersOf(organizationId, 'billing:read'))
        await this.outbox.add('payment.receipt', { organizationId, paymentId, amount, userId });
    });
  }

  @On('payment.receipt')
  async send({ organizationId, paymentId, amount, userId }: Paid & { userId: string }, delivery: Delivery) {
    const reader = await this.members.person(organizationId, userId).catch(unlessGone);
    if (!reader?.isActive || !reader.emailVerifiedAt) return;
    const { name: organization } = await this.organizations.get(organizationId);
    const { planName, quantity, paidAt, provider, reference } = await this.payments.get(organizationId, paymentId);
    const values = {
      name: reader.name,
      organization,
      amount,
      plan: quantity > 1 ? `${planName} × ${quantity}` : planName,
      date: paidAt!.toISOString().slice(0, 10),
      provider: PROVIDER_NAMES[provider],
      reference: reference!,
      payment: paymentId,
    };
    await this.mailer.send(delivery, RECEIPT, { to: reader.email, organizationId }, values);
  }
}

const PROVIDER_NAMES = { stripe: 'Stripe', flutterwave: 'Flutterwave', lemonsqueezy: 'Lemon Squeezy' };

const unlessGone = (error: unknown): null => {
  if (error instanceof NotFound) return null;
  throw error;
};
