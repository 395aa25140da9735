import { HOUR, SECOND } from '../../../kit/clock';
import type { Session, Trade } from './session.entity';

/**
 * For this long tabs that refresh at once, and clients whose answer was lost, get the newest token again. It is the leeway for clocks,
 * too: two tries of one client may reach two instances, of which one is ahead.
 */
const GRACE = 30 * SECOND;
/** For this long a client whose answer was lost may come again with the old token, while nobody used what was sent. */
const RETRY = HOUR;
/** No honest client trades in more within the grace; what is forgotten is nobody's to come again with. */
const REMEMBERED = 32;

type State = Pick<Session, 'counter' | 'traded' | 'trades' | 'refreshedAt'>;
/** The counter of the token that is given, and what is to be noted before that, if anything. */
type Successor = { counter: number; changes?: State };

/**
 * What a refresh token of this `counter` is traded for (RFC 9700, 4.14.2); undefined for one that only a thief would send, or whose
 * owner was overtaken by a thief.
 *
 * - The newest is traded for the next.
 * - One that was traded in within thirty seconds, whatever was since, gets the newest again.
 * - The last one that was traded in, within an hour, while its successor was not: the answer was lost. It gets a token beyond the
 *   successor, which is spoilt: should somebody else hold it after all, the session ends at their next refresh, and both are out.
 */
export function successorOf({ counter: newest, ...session }: State, counter: number, now: Date): Successor | undefined {
  const age = (since = -Infinity) => now.getTime() - since;
  const recent = (session.trades ?? []).filter(([, at]) => age(at) <= GRACE);
  const given = (of: number): Successor => {
    const trades = [[counter, now.getTime()] as Trade, ...recent].slice(0, REMEMBERED);
    return { counter: of, changes: { counter: of, traded: counter, trades, refreshedAt: now } };
  };

  if (counter === newest) return given(newest + 1);
  if (recent.some(([traded]) => traded === counter)) return { counter: newest };
  const isLost = counter === session.traded && age(session.refreshedAt.getTime()) <= RETRY;
  return isLost ? given(newest + 1) : undefined;
}
