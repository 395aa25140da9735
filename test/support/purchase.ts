import { DAY } from '../../src/kit/clock';
import type { ProviderName } from '../../src/modules/payments/providers/port/payment.provider';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import type { Market } from './market';
import type { Visitor } from './visitor';

/** Someone is sent to pay USD 19.00 a month, or once; and what they and the platform see of it from then on. */
export async function purchase(market: Market, provider: ProviderName, terms: object = {}, more: object = {}) {
  const owner = await market.house.owner();
  const plan = await market.plan({ interval: 'month', ...terms });
  const { payment, checkoutUrl: url } = await market.checkout(owner, provider, plan.id, more);
  return { owner, plan, payment, url, ...seenBy(market, owner, payment.id) };
}

/** What a buyer sees of a payment, its subscription and its organization, and staff of the concerns about it. */
export function seenBy(market: Market, owner: Visitor, paymentId: string) {
  const see = async (path: string) => (await owner.get(path)).expect(200);
  return {
    planOf: async () => (await see('/organizations/:org')).plan as string | null,
    seatsOf: async () => (await see('/organizations/:org')).limits?.seats as number | undefined,
    stateOf: () => see('/organizations/:org/subscription'),
    payments: async () => (await see('/payments')).data as any[],
    paymentOf: () => see(`/payments/${paymentId}`),
    ask: async () => (await owner.post(`/payments/${paymentId}/verify`)).expect(200),
    subjects: async () => (await market.house.mailsTo(owner.user.email)).map(({ subject }) => subject),
    concerns: async () =>
      (await market.house.query('SELECT kind FROM attention WHERE payment_id = ?', [paymentId])).map(
        ({ kind }) => kind,
      ),
    /** Time goes by, and the sweep comes. */
    async pass(days: number) {
      await market.advance(days * DAY, owner);
      await market.house.app.get(SubscriptionsJob).sweep();
      await market.house.settled();
    },
  };
}
