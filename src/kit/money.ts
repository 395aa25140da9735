const none = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const three = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const EXPONENTS = new Map<string, number>([
  ...none.map((code) => [code, 0] as const),
  ...three.map((code) => [code, 3] as const),
  ['CLF', 4],
  ['UYW', 4],
]);

const CODES = new Set(Intl.supportedValuesOf('currency'));

/** Whether it is an ISO 4217 code, in upper case. */
export const isCurrency = (value: unknown): value is string => typeof value === 'string' && CODES.has(value);

/** How many digits of a currency stand after the point (ISO 4217). */
export const exponentOf = (currency: string): number => EXPONENTS.get(currency) ?? 2;

/** Minor units as the number that is written with a point: 1999 in USD is 19.99. */
export const toMajor = (amount: number, currency: string): number => Number(`${amount}e-${exponentOf(currency)}`);

/** The other way. @throws RangeError for what is no amount: a text, less than nothing, a fraction of the smallest coin. */
export function toMinor(amount: unknown, currency: string): number {
  const minor = typeof amount === 'number' ? Math.round(amount * 10 ** exponentOf(currency)) : NaN;
  if (!Number.isSafeInteger(minor) || minor < 0 || toMajor(minor, currency) !== amount)
    throw new RangeError(`${String(amount)} is no amount in ${currency}.`);
  return minor;
}

/** Three digits after the point, of which card networks settle two. */
const LAST_IS_ZERO = new Set('BHD JOD KWD OMR TND'.split(' '));

/** Whether an amount can be charged as it is. */
export const isChargeable = (amount: number, currency: string): boolean =>
  !LAST_IS_ZERO.has(currency) || amount % 10 === 0;

/** As people read it, whatever their country: 1900 in EUR is `EUR 19.00`. */
export function showMoney({ amount, currency }: { amount: number; currency: string }): string {
  const digits = exponentOf(currency);
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${currency} ${toMajor(amount, currency).toLocaleString('en', format)}`;
}
