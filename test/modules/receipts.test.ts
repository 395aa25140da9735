import { Outbox } from '../../src/outbox/outbox';
import type { ProviderName } from '../../src/modules/payments/providers/port/payment.provider';
import { Market } from '../support/market';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(() => market.close());

/** The mails about a payment for which the provider billed so. */
async function mailed(provider: ProviderName, bill: Record<string, number>) {
  const owner = await market.house.owner();
  const { payment, plan } = await market.buy(owner, provider);
  const before = (await market.house.mailsTo(owner.user.email)).length;
  const names = Object.keys(bill);
  await market.house.query(`UPDATE payments SET ${names.map((name) => `${name} = ?`).join()} WHERE id = ?`, [
    ...Object.values(bill),
    payment.id,
  ]);
  const told = {
    organizationId: owner.organizationId,
    paymentId: payment.id,
    plan: plan.name,
    amount: '?',
    reason: null,
  };
  await market.house.app.get(Outbox).add('payment.succeeded', told);
  const mails = await market.house.mailsTo(owner.user.email);
  const shown = (await owner.get(`/payments/${payment.id}`)).expect(200);
  return { mails: mails.slice(0, mails.length - before), plan, shown };
}

test('a receipt says what was paid and the tax in it', async () => {
  const { mails, plan, shown } = await mailed('stripe', { amount: 2280, subtotal: 1900, tax: 380, total: 2280 });
  expect(mails.map(({ subject }) => subject)).toEqual([`Receipt: USD 22.80 for ${plan.name}`]);
  expect(mails[0]!.text).toContain('That includes USD 3.80 of tax.');
  expect(shown).toMatchObject({ subtotal: 1900, discount: 0, tax: 380, total: 2280, covers: null, dispute: null });
});

test('without tax it says nothing of it', async () => {
  const { mails } = await mailed('flutterwave', { amount: 1900 });
  expect(mails).toHaveLength(1);
  expect(mails[0]!.text).not.toContain('tax');
});

test('where the provider is the seller, what is mailed is no invoice and says whose it is', async () => {
  const { mails, plan } = await mailed('lemonsqueezy', { amount: 2280, tax: 380, total: 2280 });
  expect(mails.map(({ subject }) => subject)).toEqual([`Payment confirmed: USD 22.80 for ${plan.name}`]);
  expect(mails[0]!.text).toContain('It was sold by Lemon Squeezy, who mails the invoice');
});
