import { newId } from '../../src/kit/db/id';
import { StripeProvider } from '../../src/modules/providers/stripe.provider';
import {
  ForeignEvent,
  PlanNotOffered,
  ProviderAway,
  ProviderRefused,
} from '../../src/modules/providers/providers.errors';
import { Clients } from '../support/providers/clients';

let clients: Clients;
beforeAll(async () => void (clients = await Clients.open()));
afterAll(() => clients.close());

describe('Stripe', () => {
  const checkOut = (changes?: object) => clients.checkOut('stripe', changes);
  const told = (events: object | object[]) => clients.told('stripe', events);

  test('makes one checkout of one payment, though the first answer got lost', async () => {
    const { stripe } = clients;
    const paymentId = newId();
    const organizationId = newId();
    stripe.loseAnswers();
    const first = await checkOut({ paymentId, organizationId });
    expect((await checkOut({ paymentId, organizationId })).url).toBe(first.url);
    expect(stripe.books.all('checkout.session').filter((one) => one.client_reference_id === paymentId)).toHaveLength(1);

    await expect(checkOut({ paymentId, organizationId, quantity: 2 })).rejects.toThrow(ProviderRefused);
    expect(stripe.faults.splice(0)).toEqual([expect.stringContaining('idempotency_error')]);
  });

  test('tells of a payment that takes days, and of a checkout that nobody used', async () => {
    const slow = await checkOut();
    expect(await told(clients.stripe.payLater(slow.url))).toMatchObject([
      { paymentId: slow.paymentId, status: 'pending' },
    ]);
    expect(await told(clients.stripe.settle(slow.url))).toMatchObject([
      { paymentId: slow.paymentId, status: 'succeeded' },
    ]);

    const left = await checkOut();
    const expired = { paymentId: left.paymentId, reference: null, status: 'failed', reason: 'The checkout expired.' };
    expect(await told(clients.stripe.expire(left.url))).toMatchObject([expired]);
  });

  test('names no payment in what becomes of an invoice, so we ask', async () => {
    const { url } = await checkOut({ interval: 'month' });
    const [, invoice] = await told(clients.stripe.pay(url));
    const { reference } = invoice as { reference: string };
    expect(reference).toMatch(/^in_/);

    expect(await told(clients.stripe.refund(url, 500))).toEqual([{ kind: 'refund', reference, refunded: usd(500) }]);
    const disputed = await told(clients.stripe.dispute(url));
    expect(disputed).toContainEqual({ kind: 'dispute', reference, money: usd(1999), reason: 'fraudulent' });
    const payment = { reference, paymentId: newId() };
    const rest = { refundId: newId(), payment, paid: usd(1999), refundedBefore: 500, amount: 1499 };
    expect(await clients.clients.stripe.refund(rest)).toEqual([{ kind: 'refund', reference, refunded: usd(1999) }]);
  });

  test('tells of a renewal that is declined, and of a subscription that ends', async () => {
    const { url } = await checkOut({ interval: 'month' });
    await told(clients.stripe.pay(url));
    const declined = await told(clients.stripe.decline(url));
    expect(declined).toMatchObject([
      { kind: 'payment', status: 'failed', reason: 'The bank declined it.' },
      { kind: 'subscription', status: 'past_due' },
    ]);
    expect(await told(clients.stripe.end(url))).toMatchObject([{ kind: 'subscription', status: 'canceled' }]);
  });

  test('an inquiry is no dispute, and a refund that came back is told', async () => {
    const { url, paymentId } = await checkOut();
    const { stripe } = clients;
    await told(stripe.pay(url));
    const [event] = stripe.dispute(url);
    stripe.books.get(event!.data.object.id)!.status = 'warning_needs_response';
    expect(await told(event!)).toEqual([]);

    stripe.refund(url, 700);
    const refund = stripe.books.all('refund').at(-1)!;
    const failed = {
      ...refund,
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
      metadata: { payment_id: paymentId },
    };
    const fact = { kind: 'refund-failed', paymentId, money: usd(700), reason: 'lost_or_stolen_card' };
    expect(await told(stripe.books.event('refund.failed', failed))).toMatchObject([fact]);
  });

  test('live and test are kept apart, and so are the accounts of others', async () => {
    const { stripe } = clients;
    const live = new StripeProvider({ ...stripe.settings, STRIPE_SECRET_KEY: 'sk_live_1' });
    const [event] = stripe.pay((await checkOut()).url);
    const read = (changes: object, by = clients.clients.stripe) => {
      const { body, headers } = stripe.sign({ ...event!, ...changes });
      return () => by.readEvent(Buffer.from(body), headers);
    };
    expect(read({}, live)).toThrow(ForeignEvent);
    expect(read({ livemode: true })).toThrow(ForeignEvent);
    expect(read({ account: 'acct_1' })).toThrow(ForeignEvent);
    expect(read({ livemode: true }, live)().facts).toHaveLength(1);
  });
});

describe('Lemon Squeezy', () => {
  test('sells a variant of ours in the currency of its store, or not at all', async () => {
    const sell = (changes: object) => clients.checkOut('lemonsqueezy', changes);
    await expect(sell({ providerRef: undefined })).rejects.toThrow(PlanNotOffered);
    await expect(sell({ unitPrice: { amount: 1999, currency: 'EUR' } })).rejects.toThrow(PlanNotOffered);
  });
});

describe('Flutterwave', () => {
  const told = (events: object | object[]) => clients.told('flutterwave', events);

  test('renews a plan of its own, which has to say what ours does', async () => {
    const { flutterwave } = clients;
    const sell = (providerRef?: string) => clients.checkOut('flutterwave', { interval: 'month', providerRef });
    const dear = flutterwave.plan({ amount: 20, currency: 'USD', interval: 'monthly' });
    const rare = flutterwave.plan({ amount: 19.99, currency: 'USD', interval: 'yearly' });
    const other = flutterwave.plan({ amount: 19.99, currency: 'NGN', interval: 'monthly' });
    for (const ref of [dear, rare, other, '1', undefined]) await expect(sell(ref)).rejects.toThrow(PlanNotOffered);
  });

  test('is asked what was paid: what its event says is worth nothing', async () => {
    const { flutterwave } = clients;
    const { url, paymentId } = await clients.checkOut('flutterwave');
    const [failed] = flutterwave.pay(url, { status: 'failed' });
    Object.assign(failed!.data, { status: 'successful', amount: 1e9 });
    const declined = { paymentId, status: 'failed', money: usd(1999), reason: 'Insufficient funds' };
    expect(await told(failed!)).toMatchObject([declined]);

    const [cheap] = flutterwave.pay(url, { amount: 0.01, currency: 'NGN' });
    Object.assign(cheap!.data, { amount: 19.99, currency: 'USD' });
    expect(await told(cheap!)).toMatchObject([{ status: 'succeeded', money: { amount: 1, currency: 'NGN' } }]);

    const [unpaid] = flutterwave.pay(url, { txRef: 'sold elsewhere' });
    unpaid!.data.tx_ref = paymentId;
    expect(await told(unpaid!)).toEqual([]);
    const early = { event: 'charge.completed', data: { id: 1, tx_ref: paymentId } };
    await expect(told(early)).rejects.toThrow(ProviderAway);
    expect(await told({ event: 'charge.completed', data: { id: '../refunds' } })).toEqual([]);

    const [text] = flutterwave.pay(url, { amount: '19.99' });
    await expect(told(text!)).rejects.toThrow(ProviderRefused);
  });
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
