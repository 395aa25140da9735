import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { unlessGone } from '../../../kit/problem';
import { SystemMailer } from '../../../mail/system-mailer';
import { systemTemplate } from '../../../mail/templates/system-template';
import { showMoney } from '../../../kit/money';
import { type Delivery, On } from '../../../outbox/outbox.handlers';
import { Outbox } from '../../../outbox/outbox';
import { MembersService } from '../../organizations/members.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import { PaymentsService } from './payments.service';

type Paid = { organizationId: string; paymentId: string };

const EXAMPLES = {
  name: 'Ada',
  organization: 'Acme',
  amount: 'EUR 22.80',
  taxed: true,
  tax: 'EUR 3.80',
  plan: 'Team × 2',
  date: '2026-01-31',
  provider: 'Stripe',
  reference: 'pi_3QPayment',
  payment: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55',
};
const FOOTER = 'You get this mail because you may see the payments of this organization.';

const RECEIPT = systemTemplate('receipt', {
  about: 'organization',
  examples: EXAMPLES,
  required: ['amount', 'payment'],
  words: {
    en: {
      subject: 'Receipt: {{amount}} for {{plan}}',
      greeting: 'Hello {{name}},',
      lines: [
        '{{organization}} paid {{amount}} for {{plan}}. Thank you.',
        ['taxed', 'That includes {{tax}} of tax.'],
        'Paid on {{date}} through {{provider}}. Their number: {{reference}}. Ours: {{payment}}.',
      ],
      footer: FOOTER,
    },
  },
});

/** Where the provider is the seller by law: two papers about one sale would be one too many. */
const CONFIRMATION = systemTemplate('payment-confirmed', {
  about: 'organization',
  examples: EXAMPLES,
  required: ['amount', 'payment'],
  words: {
    en: {
      subject: 'Payment confirmed: {{amount}} for {{plan}}',
      greeting: 'Hello {{name}},',
      lines: [
        '{{organization}} paid {{amount}} for {{plan}}. Thank you.',
        'It was sold by {{provider}}, who mails the invoice, tax included. This mail is none.',
        'Paid on {{date}}. Their number: {{reference}}. Ours: {{payment}}.',
      ],
      footer: FOOTER,
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
    private readonly payments: PaymentsService,
  ) {}

  @On('payment.succeeded')
  fanOut({ organizationId, paymentId }: Paid): Promise<void> {
    return this.db.transaction(async () => {
      for (const userId of await this.members.holdersOf(organizationId, 'billing:read'))
        await this.outbox.add('payment.receipt', { organizationId, paymentId, userId });
    });
  }

  @On('payment.receipt')
  async send({ organizationId, paymentId, userId }: Paid & { userId: string }, delivery: Delivery) {
    const reader = await unlessGone(this.members.person(organizationId, userId));
    if (!reader?.isActive || !reader.emailVerifiedAt) return;
    const { name: organization } = await this.organizations.get(organizationId);
    const payment = await this.payments.get(organizationId, paymentId);
    const { planName, quantity, paidAt, provider, reference, currency, tax } = payment;
    const values = {
      name: reader.name,
      organization,
      amount: showMoney(payment),
      taxed: tax > 0,
      tax: showMoney({ amount: tax, currency }),
      plan: quantity > 1 ? `${planName} × ${quantity}` : planName,
      date: paidAt!.toISOString().slice(0, 10),
      provider: PROVIDER_NAMES[provider],
      reference: reference!,
      payment: paymentId,
    };
    const template = this.payments.isSoldBy(provider) ? CONFIRMATION : RECEIPT;
    await this.mailer.send(delivery, template, { to: reader.email, organizationId }, values);
  }
}

const PROVIDER_NAMES = { stripe: 'Stripe', flutterwave: 'Flutterwave', lemonsqueezy: 'Lemon Squeezy' };
