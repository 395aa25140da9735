import * as fc from 'fast-check';
import { Database } from '../../src/kit/db/database';
import { newId } from '../../src/kit/db/id';
import { Outbox } from '../../src/kit/outbox/outbox';
import { Organization } from '../../src/modules/organizations/organization.entity';
import { LedgerService } from '../../src/modules/payments/ledger.service';
import { PaymentsService } from '../../src/modules/payments/payments.service';
import type { Plan } from '../../src/modules/plans/plan.entity';
import type { Fact } from '../../src/modules/providers/payment.provider';
import { House } from '../support/house';
import { factsOf, type Line, oracle, PRICE, rankOf, schedules } from '../support/schedules';

declare const ENGINE: string;
const RUNS = ENGINE === 'embedded' ? 2000 : 200;

let house: House;
let userId: string;
const said: { topic: string; paymentId?: string }[] = [];
beforeAll(async () => {
  house = await House.open();
  userId = (await house.user()).user.id;
  const outbox = house.app.get(Outbox); // who is told is not the question here, and thousands of mails would take minutes
  outbox.add = async (topic, payload) => void said.push({ topic, ...payload });
});
afterAll(() => house.close());

test(`whatever a provider tells, however often and in whatever order, the ledger ends as it must (${RUNS} schedules)`, async () => {
  await fc.assert(
    fc.asyncProperty(schedules, async ({ orders, told }) => {
      const ledger = new Ledger(newId());
      const named = await ledger.open(orders);
      const heard = factsOf(named, told);
      said.length = 0;
      await ledger.hear(heard.map(({ fact }) => fact));

      const wanted = oracle(named, heard);
      expect(await ledger.lines()).toEqual(sorted(wanted.lines));
      expect(await ledger.plan()).toBe(wanted.plan && codeOf(wanted.plan));
      const receipts = said.filter(({ topic }) => topic === 'payment.succeeded').map(({ paymentId }) => paymentId);
      expect(new Set(receipts).size).toBe(receipts.length);
    }),
    { numRuns: RUNS },
  );
});

const codeOf = (paymentId: string): string => `p-${paymentId.slice(0, 8)}-${paymentId.slice(-12)}`;
const sorted = (lines: Line[]): Line[] =>
  lines.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'));

/** An organization's, watched while it is written. */
class Ledger {
  private readonly ledger = house.app.get(LedgerService, { strict: false });
  private before = new Map<string, Line & { startedAt: unknown }>();

  constructor(private readonly organizationId: string) {}

  /** In the order in which they were made. */
  async open(orders: { renews: boolean }[]): Promise<{ id: string; renews: boolean }[]> {
    const name = this.organizationId;
    const organization = { id: name, name, slug: name, status: 'active' as const, personal: false, settings: {} };
    await house.source.getRepository(Organization).insert(organization);
    const made = [];
    for (const { renews } of orders) made.push({ renews, id: await this.order(renews) });
    return made;
  }

  private async order(renews: boolean): Promise<string> {
    const { organizationId } = this;
    const plan = {
      ...PRICE,
      code: newId(),
      name: 'Pro',
      interval: renews ? 'month' : 'once',
      limits: { seats: 5 },
    } as Plan;
    const sale = { organizationId, userId, provider: 'stripe' as const, plan, quantity: 1 };
    const payments = house.app.get(PaymentsService, { strict: false });
    const { id } = await house.app.get(Database).transaction(() => payments.order(sale));
    await house.query('UPDATE subscriptions SET plan = ? WHERE payment_id = ?', [codeOf(id), id]);
    return id;
  }

  /** As the inbox does: what cannot be placed yet is tried again when there is more. */
  async hear(facts: Fact[]): Promise<void> {
    let waiting: Fact[] = [];
    for (const fact of facts) {
      if ((await this.apply(fact)) === 'waiting') waiting.push(fact);
    }
    for (let before = Infinity; waiting.length < before;) {
      before = waiting.length;
      const again = waiting;
      waiting = [];
      for (const fact of again) if ((await this.apply(fact)) === 'waiting') waiting.push(fact);
    }
  }

  lines = async (): Promise<Line[]> =>
    sorted((await this.rows()).map(({ reference, status, refunded }) => ({ reference, status, refunded })));

  async plan(): Promise<string | null> {
    const [{ plan }] = await house.query('SELECT plan FROM organizations WHERE id = ?', [this.organizationId]);
    return plan;
  }

  /** Nothing ever moves back, and nothing is granted twice. */
  private async apply(fact: Fact): Promise<string> {
    const outcome = await this.ledger.apply('stripe', [fact]);
    const rows = await this.rows();
    for (const row of rows) {
      const before = this.before.get(row.id);
      expect(rankOf(row.status)).toBeGreaterThanOrEqual(rankOf(before?.status ?? 'created'));
      expect(row.refunded).toBeGreaterThanOrEqual(before?.refunded ?? 0);
      if (before?.startedAt) expect(row.startedAt).toEqual(before.startedAt);
    }
    expect(rows.filter(({ live }) => live).length).toBeLessThanOrEqual(1);
    this.before = new Map(rows.map((row) => [row.id, row]));
    return outcome;
  }

  private async rows(): Promise<(Line & { id: string; startedAt: unknown; live: boolean })[]> {
    const rows = await house.query(
      `SELECT p.id, p.reference, p.status, p.refunded_amount AS refunded, s.started_at AS startedAt, s.live_for AS liveFor, s.payment_id AS firstId
       FROM payments p LEFT JOIN subscriptions s ON s.id = p.subscription_id WHERE p.organization_id = ?`,
      [this.organizationId],
    );
    return rows.map((row) => ({
      ...row,
      refunded: Number(row.refunded),
      live: row.liveFor !== null && row.firstId === row.id,
    }));
  }
}
