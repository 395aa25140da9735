import * as fc from 'fast-check';
import { clock, DAY } from '../../src/kit/clock';
import { newId } from '../../src/kit/id';
import { Database } from '../../src/database/database';
import { Organization } from '../../src/modules/organizations/records/organization.entity';
import { LedgerService } from '../../src/modules/payments/ledger/ledger.service';
import { PaymentsService } from '../../src/modules/payments/ledger/payments.service';
import type { Plan } from '../../src/modules/payments/plans/plan.entity';
import { type Fact, type ProviderName, PROVIDERS } from '../../src/modules/payments/providers/port/payment.provider';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import { CollectingModel } from '../support/collecting';
import { House } from '../support/house';
import { type Line, Oracle } from '../support/oracle';
import {
  factOf,
  type News,
  type Order,
  OTHERS,
  PRICE,
  priceOf,
  schedules,
  sensible,
  settledYears,
  type Told,
} from '../support/schedules';
import { listen, type Told as Message } from '../support/till';

declare const ENGINE: string;
const RUNS = ENGINE === 'embedded' ? 2000 : 200;
const SEED = 1715733469; // the same everywhere: what a run finds, the next one finds again
const BASE = Date.UTC(2027, 0, 1);
/** Months of 31 days; ten days into each, when a week of grace is over, is told what happened in it. */
const CALENDAR = {
  begins: (month: number) => new Date(BASE + month * 31 * DAY),
  now: (month: number) => new Date(BASE + (month * 31 + 10) * DAY),
};

let house: House;
let userId: string;
let messages: Message[];
beforeAll(async () => {
  house = await House.open();
  userId = (await house.user()).user.id;
  messages = listen(house); // who is told is not the question here, and thousands of mails would take minutes
  for (const [name, { code, amount }] of Object.entries(OTHERS)) await offer(code, amount, priceOf(name as never));
  await offer('free', 1, 'price_free');
  await house.query("UPDATE plans SET default_for = 'all' WHERE code = 'free'");
});
afterAll(async () => {
  await house.query('DELETE FROM plans');
  await house.close();
});

function offer(code: string, amount: number, price: string) {
  const providerRefs = Object.fromEntries(PROVIDERS.map((provider) => [provider, price]));
  const plan = {
    code,
    name: code,
    description: '',
    ...PRICE,
    amount,
    interval: 'month' as const,
    features: [],
    limits: {},
    providerRefs,
  };
  return house.source.getRepository('Plan').insert({ ...plan, id: newId() });
}

describe.each(PROVIDERS)('through %s', (provider) => {
  test(`whatever is told, however often and in whatever order, the ledger ends as it must, and collects for nobody who was cut off (${RUNS} schedules)`, async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const books = await Books.open(provider, schedule.orders);
        const oracle = new Oracle(provider, books.orders);
        const months = sensible(books.orders, schedule.months);
        for (const [month, told] of months.entries()) {
          const before = months.slice(0, month).flat();
          const again = schedule.months[month]!.again.flatMap((n) =>
            before.length > 0 ? before[n % before.length]! : [],
          );
          await books.hear(month, [...again.slice(1), ...told, ...again.slice(0, 1)]);
          const wanted = oracle.after(month, told);
          expect({ month, plan: await books.plan(), lines: await books.lines() }).toEqual({
            month,
            plan: wanted.plan ?? 'free',
            lines: sorted(wanted.lines),
          });
          expect(await books.stillCollected()).toEqual([]);
        }
        books.checkReceipts();
        await books.close();
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  test(`as long as every bill is settled, whatever it is, the plan is never lost, for a year and more (${RUNS / 10} years)`, async () => {
    await fc.assert(
      fc.asyncProperty(settledYears, async ({ bills, months }) => {
        const books = await Books.open(provider, [{ renews: true, bills }]);
        for (const [month, { price, isStated, isTurned, isTwice }] of months.entries()) {
          const charge: News = { kind: 'charge', nth: month, status: 'succeeded' };
          const state: News = { kind: 'state', at: 0, status: 'active', renews: true, ahead: 1, ends: null, price };
          const told = [charge, ...(isStated || month === 0 ? [state] : []), ...(isTwice ? [charge] : [])];
          await books.hear(
            month,
            (isTurned ? told.toReversed() : told).map((news) => ({ month, order: 0, news })),
          );
          expect(await books.plan()).not.toBe('free');
          const named = price && price !== 'unknown' && (isStated || month === 0);
          if (named) expect(await books.plan()).toBe(price === 'sold' ? books.orders[0]!.code : OTHERS[price].code);
        }
        await books.close();
      }),
      { numRuns: RUNS / 10, seed: SEED },
    );
  });
});

const sorted = (lines: Line[]): Line[] =>
  lines.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'));

/** An organization's, month by month. */
class Books {
  private readonly ledger = house.app.get(LedgerService, { strict: false });
  private readonly job = house.app.get(SubscriptionsJob, { strict: false });
  private readonly model = new CollectingModel((paymentId) => `sub_${paymentId}`);
  private readonly organizationId = newId();
  private waiting: Fact[] = [];
  orders: Order[] = [];

  private constructor(private readonly provider: ProviderName) {
    messages.splice(0);
  }

  static async open(provider: ProviderName, orders: Omit<Order, 'id' | 'code'>[]): Promise<Books> {
    const books = new Books(provider);
    clock.now = () => CALENDAR.begins(0);
    const name = books.organizationId;
    const on = { plan: 'free', limits: {} };
    const organization = {
      id: name,
      name,
      slug: name,
      status: 'active' as const,
      personal: false,
      settings: {},
      ...on,
    };
    await house.source.getRepository(Organization).insert(organization);
    for (const order of orders) books.orders.push(await books.order(order));
    return books;
  }

  private async order(order: Omit<Order, 'id' | 'code'>): Promise<Order> {
    const { organizationId, provider } = this;
    const terms = { name: 'Pro', interval: order.renews ? 'month' : 'once', limits: { seats: 5 }, providerRefs: {} };
    const plan = { ...PRICE, ...terms, code: newId(), kind: 'plan' } as Plan;
    const sale = { organizationId, userId, provider, plan, quantity: 1 };
    const payments = house.app.get(PaymentsService, { strict: false });
    const { id } = await house.app.get(Database).transaction(() => payments.order(sale));
    return { ...order, id, code: plan.code };
  }

  /** A month's news, as the inbox hears them: what cannot be placed yet is tried again when there is more. Then the sweep. */
  async hear(month: number, told: Told[]): Promise<void> {
    let ticks = 0;
    clock.now = () => new Date(CALENDAR.now(month).getTime() + ticks++);
    const facts = told.map((one) => factOf(this.provider, CALENDAR, this.orders[one.order]!, one));
    let left = [...facts, ...this.waiting];
    for (let idle = 0; left.length > 0 && idle < 2;) {
      this.waiting = [];
      for (const fact of left)
        if ((await this.ledger.apply(this.provider, [fact])) === 'waiting') this.waiting.push(fact);
      idle = this.waiting.length < left.length ? 0 : idle + 1; // one that waits still may have made known what another waits for
      left = this.waiting;
    }
    await this.job.sweep();
    for (const fact of facts)
      if (fact.kind === 'subscription' && fact.status === 'canceled') this.model.end(fact.reference);
  }

  /** What its provider would collect, in a year, for what has ended here. */
  async stillCollected(): Promise<string[]> {
    for (const message of messages) this.model.hear(message);
    const ended = await house.query(
      "SELECT payment_id AS id FROM subscriptions WHERE organization_id = ? AND ended_at IS NOT NULL AND billing <> 'once'".replace(
        'billing',
        '`interval`',
      ),
      [this.organizationId],
    );
    return ended.map(({ id }) => `sub_${id}`).filter((name) => this.model.wouldCollect(name) > 0);
  }

  checkReceipts(): void {
    const receipts = messages.filter(({ topic }) => topic === 'payment.succeeded').map(({ paymentId }) => paymentId);
    expect(new Set(receipts).size).toBe(receipts.length);
  }

  async lines(): Promise<Line[]> {
    const sql = 'SELECT reference, status, refunded_amount AS refunded FROM payments WHERE organization_id = ?';
    const rows = await house.query(sql, [this.organizationId]);
    return sorted(rows.map(({ refunded, ...row }) => ({ ...row, refunded: Number(refunded) })));
  }

  async plan(): Promise<string | null> {
    const [{ plan }] = await house.query('SELECT plan FROM organizations WHERE id = ?', [this.organizationId]);
    return plan;
  }

  /** The sweeps of others leave it alone. */
  async close(): Promise<void> {
    await house.query('DELETE FROM subscriptions WHERE organization_id = ?', [this.organizationId]);
  }
}
