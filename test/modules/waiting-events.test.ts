import { LedgerService } from '../../src/modules/payments/ledger/ledger.service';
import type { ProviderEvent } from '../../src/modules/payments/providers/port/payment.provider';
import { ProvidersService } from '../../src/modules/payments/providers/providers.service';
import { InboxService } from '../../src/modules/payments/webhooks/inbox.service';
import { Market } from '../support/market';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(async () => {
  await market.close();
  expect(market.providers.faults).toEqual([]);
});
afterEach(() => jest.restoreAllMocks());

const others = async (n: number) => {
  const { stripe } = market.providers;
  const elsewhere = await market.house.owner();
  const { checkoutUrl } = await market.checkout(elsewhere, 'stripe', (await market.plan({ interval: 'month' })).id);
  const [subscribed] = stripe.pay(checkoutUrl);
  for (let i = 0; i < n; i++) {
    const event = structuredClone(subscribed!);
    Object.assign(event, { id: `evt_other_${i}_${elsewhere.organizationId}` });
    Object.assign(event.data.object, { id: `sub_other_${i % 20}_${elsewhere.organizationId}`, metadata: {} });
    await market.inform('stripe', [event]);
  }
};
const outcomeOf = async (id: string) => {
  const [row] = await market.house.query('SELECT outcome, waits_for FROM payment_events WHERE event_id = ?', [id]);
  return row;
};

test('two hundred events of another product neither hold ours up nor are tried on each webhook', async () => {
  await others(220);
  const owner = await market.house.owner();
  const { checkoutUrl } = await market.checkout(owner, 'stripe', (await market.plan({ interval: 'month' })).id);
  const { stripe } = market.providers;
  const first = stripe.pay(checkoutUrl);
  const [renewal] = stripe.renew(checkoutUrl);
  const [early] = await market.tell('stripe', [renewal!]); // before anything that says whose it is
  early!.expect(200);
  const { subscription } = renewal!.data.object.parent.subscription_details;
  expect(await outcomeOf(renewal!.id)).toEqual({ outcome: 'waiting', waits_for: `stripe:${subscription}` });

  const apply = jest.spyOn(market.house.app.get(LedgerService, { strict: false }), 'apply');
  await market.inform('stripe', first);
  expect(apply.mock.calls.length).toBeLessThanOrEqual(first.length + 1);
  expect(await outcomeOf(renewal!.id)).toEqual({ outcome: 'applied', waits_for: null });
  expect((await owner.get('/payments')).expect(200).data).toHaveLength(2);

  apply.mockClear();
  await market.house.app.get(InboxService).sweep();
  expect(apply).not.toHaveBeenCalled();
});

test('what became known by asking wakes what waits for it, however many wait before it', async () => {
  await others(210);
  const owner = await market.house.owner();
  const { payment, checkoutUrl } = await market.checkout(
    owner,
    'stripe',
    (await market.plan({ interval: 'month' })).id,
  );
  const { stripe } = market.providers;
  stripe.pay(checkoutUrl); // nobody tells us
  const [renewal] = stripe.renew(checkoutUrl);
  await market.tell('stripe', [renewal!]);
  (await owner.post(`/payments/${payment.id}/verify`)).expect(200);
  await market.house.app.get(InboxService).sweep();
  expect(await outcomeOf(renewal!.id)).toMatchObject({ outcome: 'applied' });
});

test('an event of another API version is refused each time, kept, on the list, and taken once it can be read', async () => {
  const owner = await market.house.owner();
  const { payment, checkoutUrl } = await market.checkout(owner, 'stripe', (await market.plan()).id);
  const [event] = market.providers.stripe.pay(checkoutUrl);
  const provider = market.house.app.get(ProvidersService, { strict: false }).get('stripe');
  const strange: ProviderEvent = { id: event!.id, type: event!.type, facts: [], strange: 'other-api-version' };
  jest.spyOn(provider, 'readEvent').mockReturnValue(strange);
  for (const _ of ['once', 'again'])
    for (const answer of await market.tell('stripe', [event!])) answer.problem(400, 'other-api-version');
  const { data } = (await market.staff.get('/platform/attention?kind=other-api-version')).expect(200);
  expect(data).toMatchObject([{ provider: 'stripe', times: 2, details: { type: event!.type } }]);
  expect(
    await market.house.query('SELECT id FROM payment_events WHERE event_id LIKE ?', [`%${event!.id}`]),
  ).toHaveLength(1);

  jest.restoreAllMocks();
  await market.inform('stripe', [event!]);
  expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject({ status: 'succeeded' });
});
