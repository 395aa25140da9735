import type { PaymentStatus } from '../../src/modules/payments/ledger/records/payment.entity';
import { PAYMENT_STATUSES } from '../../src/modules/payments/ledger/records/payment.entity';
import type { ProviderName } from '../../src/modules/payments/providers/port/payment.provider';
import { billOf, type News, type Order, OTHERS, PRICE, sumOf, type Told } from './schedules';

export type Line = { reference: string | null; status: PaymentStatus; refunded: number };
export const rankOf = (of: PaymentStatus): number => PAYMENT_STATUSES.indexOf(of);
const furthest = (all: PaymentStatus[]): PaymentStatus => PAYMENT_STATUSES[Math.max(...all.map(rankOf))]!;
/** What it says in the end of the newest moment that it spoke of; paused in a moment in which it also was not, it runs again. */
type Said = { month: number; isPaused: boolean; isMixed: boolean; isCancelled: boolean; ends: number; until: number };

/**
 * What must come of what was heard, month by month, whatever the order within a month was. It knows sets of news alone, and of the
 * months before whether the subscription had begun, ended and come back.
 */
export class Oracle {
  private readonly heard: Told[] = [];
  private hasBegun = false;
  private isOver = false;
  private hasEnded = false;
  private cameBack = false;

  constructor(
    private readonly provider: ProviderName,
    private readonly orders: Order[],
  ) {}

  /** After a month whose news are these, and its sweep. */
  after(month: number, told: Told[]): { lines: Line[]; plan: string | null } {
    const wasClosed = this.about(0, 'state').some(({ news }) => news.status === 'canceled');
    this.heard.push(...told);
    const isClosed = this.about(0, 'state').some(({ news }) => news.status === 'canceled');
    this.go(month, isClosed && !wasClosed);
    return { lines: this.orders.flatMap((_, i) => this.linesOf(i)), plan: this.plan() };
  }

  private go(month: number, closes: boolean): void {
    const hadEnded = this.hasEnded;
    const paid = this.counted();
    const covers = (nth: number) => nth === month || !this.orders[0]!.renews;
    const current = paid.filter(covers);
    const isReturned = paid.some((nth) => this.isDisputed(nth)) || (current.length > 0 && !current.some(this.stands));

    if (this.isOver && current.some(this.stands) && !isReturned) [this.isOver, this.cameBack] = [false, true];
    else if (!this.isOver && isReturned) this.end();
    if (paid.length > 0) this.hasBegun = true;
    if (closes && !hadEnded && !this.isOver) this.end();
    if (this.hasBegun && !this.isOver && this.isPast(month, paid)) this.end();
  }

  private end = () => ([this.isOver, this.hasEnded] = [true, true]);

  private plan(): string | null {
    const newer = this.orders[1];
    if (newer && this.isSettled(1, 0)) return newer.code;
    return this.hasBegun && !this.isOver && !this.said()?.isPaused ? this.price() : null;
  }

  /** Ten days into a month: a week of grace is over, thirty days are not. */
  private isPast(month: number, paid: number[]): boolean {
    if (!this.orders[0]!.renews) return false;
    const said = this.said();
    const paidUntil = Math.max(...paid.filter((nth) => this.stands(nth) || nth < month).map((nth) => nth + 1));
    const isCancelled = this.cameBack || said?.isCancelled;
    if (said?.isPaused && !isCancelled) return false;
    const period = Math.max(paidUntil, said?.until ?? -1);
    const ends = said?.isCancelled && !this.hasEnded && said.ends >= 0 ? said.ends : period;
    return ends <= month || Math.max(paidUntil, this.resumedIn()) < month;
  }

  private said(states = this.about(0, 'state')): Said | undefined {
    const last = states.toSorted((a, b) => momentOf(a) - momentOf(b)).at(-1);
    if (!last) return undefined;
    const together = states.filter((one) => momentOf(one) === momentOf(last)).map(({ news }) => news);
    const { month } = last;
    const isPaused = together.every(({ status }) => status === 'paused');
    return {
      month,
      isPaused,
      isMixed: !isPaused && together.some(({ status }) => status === 'paused'),
      isCancelled: together.some(({ status, renews, ends }) => status === 'canceled' || !renews || ends !== null),
      ends: Math.max(...together.map(({ ends }) => (ends === null ? -1 : month + ends))),
      until: this.provider === 'flutterwave' ? -1 : Math.max(...together.map(({ ahead }) => month + ahead)),
    };
  }

  /** The last month in which it ran again after it had been paused; -1: never. */
  private resumedIn(): number {
    const states = this.about(0, 'state');
    const moments = [...new Set(states.map(momentOf))].sort((a, b) => a - b);
    const said = moments.map((moment) => this.said(states.filter((one) => momentOf(one) <= moment))!);
    return Math.max(
      -1,
      ...said.map((one, i) => (one.isMixed || (!one.isPaused && said[i - 1]?.isPaused) ? one.month : -1)),
    );
  }

  /** Of the newest price that is known; of two of one moment the lower. */
  private price(): string {
    const { code } = this.orders[0]!;
    const plans = { sold: { code, amount: PRICE.amount }, ...OTHERS };
    const known = this.about(0, 'state').flatMap((one) =>
      one.news.price && one.news.price !== 'unknown' ? { moment: momentOf(one), ...plans[one.news.price] } : [],
    );
    return known.toSorted((a, b) => b.moment - a.moment || a.amount - b.amount)[0]?.code ?? code;
  }

  private about = <Kind extends News['kind']>(order: number, kind: Kind) =>
    this.heard.filter((one) => one.order === order && one.news.kind === kind) as (Told & {
      news: News & { kind: Kind };
    })[];

  private charges = (order: number, nth: number) =>
    this.about(order, 'charge').flatMap(({ news }) => (news.nth === nth ? news.status : []));

  private isSettled = (order: number, nth: number): boolean => this.charges(order, nth).includes('succeeded');

  /** The payments that count: a renewal once its subscription is known and has begun, or when it is what was asked. */
  private counted(): number[] {
    const numbers = [...new Set(this.about(0, 'charge').map(({ news }) => news.nth))];
    const settled = numbers.filter((nth) => this.isSettled(0, nth) && (nth === 0 || this.isLinked()));
    const begins = this.hasBegun || settled.some((nth) => nth === 0 || isAsked(this.orders[0]!, nth));
    return begins ? settled : [];
  }

  private isLinked = (): boolean => this.isSettled(0, 0) || this.about(0, 'state').length > 0;
  private isBack = (nth: number): boolean => {
    const { paid } = billOf(this.orders[0]!, nth);
    return paid > 0 && this.back(nth) >= paid;
  };
  private stands = (nth: number): boolean => !this.isBack(nth) && !this.isDisputed(nth);

  private isDisputed(nth: number): boolean {
    const states = this.about(0, 'dispute').flatMap(({ news }) => (news.nth === nth ? news.state : []));
    return states.includes('lost') || (states.includes('open') && !states.includes('won'));
  }

  private back(nth: number): number {
    const told = this.about(0, 'refund').flatMap(({ news }) => (news.nth === nth ? news : []));
    const isSummed = this.provider === 'lemonsqueezy';
    const sums = [true, false].map((part) => {
      const of = told.filter((one) => one.part === part);
      const isReturned = part && !isSummed && of.some(({ status }) => status === 'returned');
      return of.length > 0 && !isReturned ? sumOf(this.orders[0]!, nth, part) : 0;
    });
    return isSummed ? Math.max(...sums) : sums[0]! + sums[1]!;
  }

  private linesOf(i: number): Line[] {
    const order = this.orders[i]!;
    const numbers = new Set([0, ...this.about(i, 'charge').map(({ news }) => news.nth)]);
    const counted = i === 0 ? this.counted() : this.isSettled(1, 0) ? [0] : [];
    return [...numbers]
      .filter((nth) => nth === 0 || this.isLinked())
      .map((nth) => {
        const isPaid = counted.includes(nth);
        const said = this.charges(i, nth).filter((one) => isPaid || one !== 'succeeded');
        const back = i === 0 ? this.back(nth) : 0;
        const refunded = isPaid ? Math.min(back, billOf(order, nth).paid) : back;
        const taken: PaymentStatus[] = [];
        if (isPaid && i === 0 && this.isBack(nth)) taken.push('refunded');
        if (isPaid && i === 0 && this.isDisputed(nth)) taken.push('disputed');
        const reference = nth > 0 || isPaid ? `in_${order.id}_${nth}` : null;
        return { reference, status: furthest(['created', ...said, ...taken]), refunded };
      });
  }
}

const momentOf = ({ month, news }: Told & { news: News & { kind: 'state' } }): number => month * 10 + news.at;
const isAsked = (order: Order, nth: number): boolean => {
  const { subtotal, discount } = billOf(order, nth);
  return subtotal === PRICE.amount && discount === 0;
};
