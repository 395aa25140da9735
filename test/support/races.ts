import type { Answer } from './answer';
import { atOnce } from './at-once';
import { isCluster, isEmbedded, type Settings, workerSettings } from './engines';
import { House } from './house';
import type { Visitor } from './visitor';

/** Fewer on a cluster, where each takes several times as long; as many as RACE_ROUNDS says where one wants to know better. */
const { RACE_ROUNDS = isCluster ? 4 : 25 } = process.env;
export const ROUNDS = Array.from({ length: Number(RACE_ROUNDS) }, (_, i) => i + 1);
/** The first of them, of what takes long or cannot go otherwise on another engine. */
export const few = (rounds: number) => (process.env.RACE_ROUNDS ? ROUNDS : ROUNDS.slice(0, rounds));
/** One where the engine serves one; two on a server, where they meet as those of one do, and in more ways; at each node of a cluster one. */
export const INSTANCES = isEmbedded ? 1 : isCluster ? 3 : 2;
export const RACERS = 20;

/** An installation of one or several instances on one database. */
export class Installation {
  private houses: House[] = [];

  constructor(
    private readonly instances: number,
    private readonly settings: Settings,
  ) {}

  async open(): Promise<void> {
    for (let i = 0; i < this.instances; i++)
      this.houses.push(await House.open({ ...workerSettings(i), ...this.settings }));
  }

  async close(): Promise<void> {
    for (const house of this.houses) await house.close();
  }

  get house(): House {
    return this.houses[0]!;
  }

  /** `racers` calls at once, which alternate between the instances; each comes from a device of its own. */
  race(call: (visitor: Visitor, i: number) => Promise<Answer>, racers = RACERS): Promise<Answer[]> {
    return atOnce(racers, (i) => call(this.at(i).visitor(), i));
  }

  /** The same by people who are signed in, in turn, each in the session they have. */
  raceAs(people: Visitor[], call: (person: Visitor, i: number) => Promise<Answer>, racers = RACERS): Promise<Answer[]> {
    return atOnce(racers, (i) => {
      const { user, organizationId, accessToken, userAgent } = people[i % people.length]!;
      const turn = Math.floor(i / people.length); // so that each person calls at every instance
      return call(Object.assign(this.at(turn).visitor(), { user, organizationId, accessToken, userAgent }), i);
    });
  }

  /** Someone who calls at one of the instances, in turn. */
  visitorAt(i: number): Visitor {
    return this.at(i).visitor();
  }

  private at(i: number): House {
    return this.houses[i % this.houses.length]!;
  }
}

/** The rules, on as many instances as the engine serves. Access tokens live on while the clock is advanced. */
export function onInstallations(rules: (installation: Installation) => void, settings: Settings = {}): void {
  describe.each([INSTANCES])('%d at work', (instances) => {
    const installation = new Installation(instances, { ACCESS_TOKEN_TTL: '24h', ...settings });
    beforeAll(() => installation.open());
    afterAll(() => installation.close());
    rules(installation);
  });
}

/** How many answers there were of each kind, `410 link-dead` say. Who wins a race is chance, how many do is not. */
export function tally(answers: Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = status < 400 ? String(status) : `${status} ${body.code}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
