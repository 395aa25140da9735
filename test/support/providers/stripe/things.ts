import { clock } from '../../../../src/kit/clock';
import { newName } from '../stand-in';
import { example } from '../stripe.schema';
import { inVersion, PINNED, type Version } from './versions';

/** As Stripe's own objects are: we write and read what the examples hold. `terms` and `parameters` are the stand-in's own. */
export type Thing = Record<string, any> & { id: string };
export type StripeEvent = Thing & { type: string; data: { object: Thing } };
export type Money = { amount: number; currency: string };

/** What Stripe remembers. */
export class Things {
  private things = new Map<string, Thing>();
  livemode = false;
  /** What webhooks are written in: the one that their endpoint was made with. */
  version: Version = PINNED;
  /** The clock of one that looks ahead. */
  at: number | undefined;

  get now(): number {
    return this.at ?? Math.floor(clock.now().getTime() / 1000);
  }

  get = (id: string): Thing | undefined => this.things.get(id);
  all = (object: string): Thing[] => [...this.things.values()].filter((thing) => thing.object === object);
  of = (object: string, field: string, id: string): Thing[] => this.all(object).filter((thing) => thing[field] === id);

  add(kind: string, thing: Record<string, unknown>): Thing {
    const whole = { ...example(kind), livemode: this.livemode, created: this.now, ...thing } as unknown as Thing;
    this.things.set(whole.id, whole);
    return whole;
  }

  event(type: string, thing: Thing, created = this.now): StripeEvent {
    const facts = { id: newName('evt'), type, created, api_version: this.version, livemode: this.livemode };
    return {
      ...example('event'),
      ...facts,
      data: { object: inVersion(this.version, shown(thing), this) },
    } as unknown as StripeEvent;
  }

  /** The same once more, to be played with. */
  copy(): Things {
    const copy = Object.assign(new Things(), { livemode: this.livemode, version: this.version, at: this.now });
    copy.things = structuredClone(this.things);
    return copy;
  }
}

export const shown = ({ parameters: _sent, terms: _ours, ...thing }: Thing): Thing => structuredClone(thing) as Thing;
