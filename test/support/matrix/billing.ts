import { newId } from '../../../src/kit/id';
import type { House } from '../house';
import type { Tenant } from './tenant';

const NOW = '2026-01-31 12:00:00.000';
const LATER = '2036-01-31 12:00:00.000';

/** Fills a table by hand: what leads there takes a provider. */
async function insert(house: House, table: string, row: Record<string, unknown>): Promise<string> {
  const whole: Record<string, unknown> = { id: newId(), created_at: NOW, updated_at: NOW, version: 1, ...row };
  const names = Object.keys(whole).map((name) => (name === 'interval' ? '`interval`' : name));
  const sql = `INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`;
  await house.query(sql, Object.values(whole));
  return String(whole.id);
}

const price = { amount: 1900, currency: 'USD' };

/** Something that is sold once, by every provider. */
export const planIn = (house: House): Promise<string> =>
  insert(house, 'plans', {
    code: `plan-${newId().slice(-12)}`,
    name: 'Plan',
    description: '',
    ...price,
    interval: 'once',
    features: '[]',
    limits: '{}',
    provider_refs: '{"lemonsqueezy":"12345"}',
  });

type Buyer = Pick<Tenant, 'id' | 'canary'>;
const sold = ({ id, canary }: Buyer) => ({
  organization_id: id,
  provider: 'stripe',
  plan: canary,
  plan_name: canary,
  quantity: 1,
  ...price,
});

/** A payment that arrived. */
export const paymentOf = (house: House, buyer: Buyer): Promise<string> =>
  insert(house, 'payments', {
    ...sold(buyer),
    subscription_id: newId(),
    status: 'succeeded',
    refunded_amount: 0,
    paid_at: NOW,
  });

/** Something about it that only a person can decide. */
export const attentionOf = (house: House, { id }: Pick<Buyer, 'id'>): Promise<string> =>
  insert(house, 'attention', {
    kind: 'dispute',
    open_key: newId(),
    provider: 'stripe',
    organization_id: id,
    ...price,
    details: '{}',
    times: 1,
    seen_at: NOW,
  });

/** What the organization is subscribed to. */
export const subscriptionOf = (house: House, buyer: Buyer): Promise<string> =>
  insert(house, 'subscriptions', {
    ...sold(buyer),
    payment_id: newId(),
    interval: 'month',
    limits: '{}',
    started_at: NOW,
    period_end: LATER,
    past_due: 0,
    live_for: buyer.id,
  });
