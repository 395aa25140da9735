import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { NotFound } from '../../kit/errors/problem';
import { render } from '../../kit/mail/letter';
import { Mailer } from '../../kit/mail/mailer';
import { type Delivery, On } from '../../kit/outbox/on';
import { Outbox } from '../../kit/outbox/outbox';
import { MembersService } from '../organizations/members.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { PaymentsRepository } from './payments.repository';

type Paid = { organizationId: string; paymentId: string; amount: string };

/** Receipts, to everyone who sees an organization's payments. */
@Injectable()
export class PaymentsMail {
  constructor(
    private readonly db: Database,
    private readonly mailer: Mailer,
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
  async send({ organizationId, paymentId, amount, userId }: Paid & { userId: string }, { id }: Delivery) {
    const reader = await this.members.person(organizationId, userId).catch(unlessGone);
    if (!reader?.isActive || !reader.emailVerifiedAt) return;
    const { name } = await this.organizations.get(organizationId);
    const { planName, quantity, paidAt, provider, reference } = await this.payments.get(organizationId, paymentId);
    await this.mailer.send({
      id,
      to: reader.email,
      ...render({
        subject: `Receipt: ${amount} for ${planName}`,
        greeting: `Hello ${reader.name},`,
        lines: [
          `${name} paid ${amount} for ${planName}${quantity > 1 ? ` × ${quantity}` : ''}. Thank you.`,
          `Paid on ${paidAt?.toISOString().slice(0, 10)} through ${PROVIDER_NAMES[provider]}. Their number: ${reference}. Ours: ${paymentId}.`,
        ],
        footer: 'You get this mail because you may see the payments of this organization.',
      }),
    });
  }
}

const PROVIDER_NAMES = { stripe: 'Stripe', flutterwave: 'Flutterwave', lemonsqueezy: 'Lemon Squeezy' };

const unlessGone = (error: unknown): null => {
  if (error instanceof NotFound) return null;
  throw error;
};
