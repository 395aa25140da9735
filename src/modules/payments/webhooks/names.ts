import type { Fact } from '../providers/port/payment.provider';

/** What must be known before a fact that names no payment of ours can be placed: what the provider calls a payment or a subscription. */
export function awaitedBy(fact: Fact): string | null {
  if (fact.paymentId !== undefined) return null;
  return fact.kind === 'payment' ? (fact.subscription ?? null) : fact.reference;
}

/** What a fact may have made known. */
export const namesIn = (facts: Fact[]): string[] => [
  ...new Set(
    facts
      .flatMap((fact) => [fact.reference, fact.kind === 'payment' ? fact.subscription : null])
      .filter((name) => typeof name === 'string'),
  ),
];
