import { HOUR, SECOND } from '../../kit/clock';
import type { Session } from './session.entity';

/** For this long tabs that refresh at once, and clients whose answer was lost, get the newest token again. */
const GRACE = 10 * SECOND;
/** For this long a client whose answer was lost may come again with the old token, while nobody used what was sent. */
const RETRY = HOUR;

type State = Pick<Session, 'counter' | 'traded' | 'burstFrom' | 'burstAt' | 'refreshedAt'>;
/** The counter of the token that is given, and what is to be noted before that, if anything. */
type Successor = { counter: number; changes?: Partial<State> };

/**
 * What a refresh token of this `counter` is traded for (RFC 9700, 4.14.2); undefined for one that only a thief would send, or whose
 * owner was overtaken by a thief.
 *
 * - The newest is traded for the next.
 * - One that was traded in within ten seconds, by however many tabs, gets the newest again.
 * - The last one that was traded in, within an hour, while its successor was not: the answer was lost. It gets a token beyond the
 *   successor, which is spoilt: should somebody else hold it after all, the session ends at their next refresh, and both are out.
 */
export function successorOf(session: State, counter: number, now: Date): Successor | undefined {
  const age = (since: Date | null) => now.getTime() - (since?.getTime() ?? -Infinity);
  const isBurst = age(session.burstAt) <= GRACE;
  const next = { counter: session.counter + 1, refreshedAt: now };
  const traded = { ...next, traded: counter };

  if (counter === session.counter)
    return { counter: next.counter, changes: isBurst ? traded : { ...traded, burstFrom: counter, burstAt: now } };
  if (counter > session.traded) return undefined;
  if (isBurst && counter >= session.burstFrom) return { counter: session.counter };
  if (counter < session.traded) return undefined;
  if (age(session.refreshedAt) <= GRACE) return { counter: session.counter };
  return age(session.refreshedAt) <= RETRY ? { counter: next.counter, changes: next } : undefined;
}
