import { newId } from '../../src/kit/id';
import type { Fact, RefundOrder } from '../../src/modules/payments/providers/port/payment.provider';
import {
  BadSignature,
  ProviderAway,
  ProviderRefused,
} from '../../src/modules/payments/providers/port/providers.errors';
import { Clients } from '../support/providers/clients';

let clients: Clients;
beforeAll(async () => void (clients = await Clients.open()));
afterAll(() => clients.close());

describe.each(['stripe', 'flutterwave', 'lemonsqueezy'] as const)('%s', (name) => {
  const client = () => clients.clients[name];
  const standIn = () => clients[name];
  const checkOut = (changes?: object) => clients.checkOut(name, changes);
  const told = (events: object | object[]) => clients.told(name, events);

  test('sells at our price, tells who paid, and knows it when asked', async () => {
    const { paymentId, url, reference: checkout } = await checkOut({ quantity: 3 });
    const [paid] = await told(standIn().pay(url));
    expect(paid).toMatchObject({
      kind: 'payment',
      paymentId,
      status: 'succeeded',
      bill: { subtotal: 5997, paid: 5997, currency: 'USD' },
    });

    const { reference } = paid as { reference: string };
    const asked = await client().lookUp({ paymentId, checkout, reference });
    expect(asked).toContainEqual(paid);
    expect(standIn().faults).toEqual([]);
  });

  test('knows nothing of a payment that nobody began to pay', async () => {
    const { paymentId, reference: checkout } = await checkOut();
    const asked = await client().lookUp({ paymentId, checkout });
    expect(asked.filter((fact) => fact.kind !== 'payment' || fact.status !== 'pending')).toEqual([]);
    expect(await client().lookUp({ paymentId: newId() })).toEqual([]);
  });

  test('gives back in parts, each part once however often it is asked', async () => {
    const order = await bought();
    const back = async () => backIn(await client().lookUp(order.payment));
    await client().refund({ ...order, amount: 500 });
    expect(await back()).toBe(500);
    standIn().loseAnswers(name === 'stripe' ? 3 : 1); // a Stripe client asks three times by itself
    const second = { ...order, refundId: newId(), refundedBefore: 500, amount: 499 };
    for (const _ of ['once', 'again'])
      await client()
        .refund(second)
        .catch((error) => expect(error).toBeInstanceOf(ProviderAway));
    await client().refund(second);
    expect(await back()).toBe(999);
    await client().refund({ ...order, refundId: newId(), refundedBefore: 999, amount: 1000 });
    expect(await back()).toBe(1999);

    for (const event of standIn().untold.splice(0)) expect(backIn(await told([event]))).toBeGreaterThan(0);
    expect(standIn().faults).toEqual([]);
  });

  test('sells by the month, renews, and stops at the end of what is paid', async () => {
    const { paymentId, url } = await checkOut({ interval: 'month' });
    const facts = await told(standIn().pay(url));
    expect(facts.filter(({ kind }) => kind === 'payment').every((fact) => (fact as any).paymentId === paymentId)).toBe(
      true,
    );
    const begun = facts.find(({ kind }) => kind === 'subscription');
    expect(begun).toMatchObject({ paymentId, status: 'active', renews: true });

    const renewed = (await told(standIn().renew(url))).find(({ kind }) => kind === 'payment');
    const { reference } = begun as { reference: string };
    expect(renewed).toMatchObject({ status: 'succeeded', subscription: reference, bill: { paid: 1999 } });
    expect(renewed).not.toHaveProperty('paymentId');

    const ended = await client().cancelSubscription(reference);
    expect(ended).toMatchObject([{ kind: 'subscription', reference, status: 'active', renews: false }]);
    expect(standIn().faults).toEqual([]);
  });

  test('is away for a moment, or refuses: which of the two is told apart', async () => {
    standIn().fail(503, name === 'stripe' ? 3 : 1); // a Stripe client asks three times
    await expect(checkOut()).rejects.toThrow(ProviderAway);
    standIn().fail(429);
    await expect(checkOut()).rejects.toThrow(ProviderAway);
    standIn().fail(401);
    await expect(checkOut()).rejects.toThrow(ProviderRefused);
    const order = await bought();
    await expect(client().refund({ ...order, amount: 2000 })).rejects.toThrow(ProviderRefused);
    standIn().faults.length = 0;
  });

  test('is believed only with its signature', async () => {
    const { url } = await checkOut();
    const [event] = standIn().pay(url);
    const { body, headers } = standIn().sign(event as never);
    const [header, signature] = Object.entries(headers)[0]!;
    for (const forged of [signature.slice(0, -2), `${signature}00`, signature.replaceAll(/\w/g, 'z'), '', undefined])
      expect(() => client().readEvent(Buffer.from(body), { [header]: forged })).toThrow(BadSignature);
  });

  test('stands in with a page that pays or leaves, and tells of it', async () => {
    const heard: string[] = [];
    standIn().tell = { post: async (path) => heard.push(path) };
    const { url } = await checkOut();
    expect(await (await fetch(url)).text()).toMatch(/<button>Pay<\/button>.*<button>Cancel<\/button>/s);
    const press = async (button: string) =>
      (await fetch(`${url}/${button}`, { method: 'POST', redirect: 'manual' })).headers.get('location');
    expect(await press('cancel')).toMatch(name === 'stripe' ? /plans$/ : /thanks$/); // the others know one way back
    expect(heard).toEqual([]);
    expect(await press('pay')).toMatch(/thanks$/);
    expect(heard).toEqual([`/payments/${name}/webhook`]);
  });

  async function bought(): Promise<RefundOrder> {
    const { paymentId, url } = await checkOut();
    const [paid] = await told(standIn().pay(url));
    const payment = { paymentId, reference: (paid as { reference: string }).reference };
    return { refundId: newId(), payment, paid: { amount: 1999, currency: 'USD' }, refundedBefore: 0, amount: 1999 };
  }
});

/** What went back of a payment: told as a sum, or refund by refund. */
function backIn(facts: Fact[]): number {
  const sums = facts.map((fact) => (fact.kind === 'refund' ? fact.refunded.amount : 0));
  const named = new Map(
    facts.flatMap((fact) => (fact.kind === 'refund-state' ? [[fact.refund, fact.money] as const] : [])),
  );
  return [...named.values()].reduce((sum, { amount }) => sum + amount, Math.max(0, ...sums));
}
