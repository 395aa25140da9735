import { exponentOf } from '../../../../../kit/money';
import type { Money } from '../../port/payment.provider';

/** Where Stripe's smallest unit is not ISO's. */
const EXPONENTS: Record<string, number> = { ISK: 2, MGA: 0, UGX: 2 };
const shift = (currency: string): number => (EXPONENTS[currency] ?? exponentOf(currency)) - exponentOf(currency);

/** An amount as Stripe writes it. */
export const toStripe = ({ amount, currency }: Money): number => Number(`${amount}e${shift(currency)}`);

/** The other way. Null, which Stripe says of a sum that is not known yet, is 0. */
export function moneyOf(amount: number | null | undefined, currency: string | null): Money {
  const code = (currency ?? '').toUpperCase();
  return { amount: Number(`${amount ?? 0}e${-shift(code)}`), currency: code };
}

export const sum = (amounts: number[]): number => amounts.reduce((all, one) => all + one, 0);
