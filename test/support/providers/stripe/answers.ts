import { Refusal } from '../stand-in';
import { shown, type Thing, type Things } from './things';

type Asked = Record<string, any>;

/** @param isFault whether we should have known better */
export function refusal(status: number, message: string, code?: string, isFault = true): Refusal {
  const type = code === 'idempotency_error' ? code : 'invalid_request_error';
  return new Refusal(status, { error: { type, message, code } }, isFault);
}

/** What is answered to those who only ask. A list has ten of a kind unless more are asked for; what is not asked to be whole is a name. */
export class Answers {
  constructor(private readonly things: Things) {}

  find(id: string): Thing {
    const thing = this.things.get(id);
    if (!thing) throw refusal(404, `No such ${KINDS[id.split('_')[0]!] ?? 'object'}: '${id}'`, 'resource_missing');
    return thing;
  }

  one = (id: string, { expand = [] }: Asked): Thing => this.whole(shown(this.find(id)), expand);

  list(object: string, { limit = 10, expand = [], ...of }: Asked) {
    const all = this.things
      .all(object)
      .toReversed()
      .filter((thing) => matches(thing, of));
    const within = expand.map((path: string) => path.replace(/^data\./, ''));
    const data = all.slice(0, Number(limit)).map((thing) => this.whole(shown(thing), within));
    return { object: 'list', data, has_more: all.length > Number(limit), url: '/' };
  }

  private whole(thing: Thing, paths: string[]): Thing {
    for (const path of paths) {
      const [name, ...rest] = path.split('.') as [string, ...string[]];
      const there = this.included(thing, name) ?? thing[name];
      const value = typeof there === 'string' ? shown(this.find(there)) : there;
      thing[name] = value && rest.length > 0 ? this.whole(value, [rest.join('.')]) : value;
    }
    return thing;
  }

  /** Lists that are not there unless they are asked for. */
  private included({ object, id }: Thing, name: string): object | undefined {
    if (object === 'invoice' && name === 'payments') return this.list('invoice_payment', { invoice: id });
    if (object === 'charge' && name === 'refunds') return this.list('refund', { charge: id });
    return undefined;
  }
}

const KINDS: Record<string, string> = { sub: 'subscription', in: 'invoice', pi: 'payment_intent', ch: 'charge' };

function matches(thing: Thing, { payment, subscription, ...of }: Asked): boolean {
  const isOf = subscription === undefined || thing.parent?.subscription_details?.subscription === subscription;
  const isBy = payment === undefined || thing.payment?.payment_intent === payment.payment_intent;
  return isOf && isBy && Object.entries(of).every(([name, value]) => thing[name] === value);
}
