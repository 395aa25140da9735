import {
  PlanNotOffered,
  ProviderAway,
  ProviderRefused,
} from '../../src/modules/payments/providers/port/providers.errors';
import { Clients } from '../support/providers/clients';

let clients: Clients;
beforeAll(async () => void (clients = await Clients.open()));
afterAll(() => clients.close());

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
    const declined = {
      paymentId,
      status: 'failed',
      bill: { paid: 1999, currency: 'USD' },
      reason: 'Insufficient funds',
    };
    expect(await told(failed!)).toMatchObject([declined]);

    const [cheap] = flutterwave.pay(url, { amount: 0.01, currency: 'NGN' });
    Object.assign(cheap!.data, { amount: 19.99, currency: 'USD' });
    expect(await told(cheap!)).toMatchObject([{ status: 'succeeded', bill: { paid: 1, currency: 'NGN' } }]);

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
