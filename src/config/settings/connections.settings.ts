import { MINUTE, SECOND } from '../../kit/clock';
import { count, duration, seconds } from './env-validators';

/** How long connections may take, and how many there may be. */
export const connectionSettings = {
  HEADER_TIMEOUT: duration({
    default: 10 * SECOND,
    desc: 'a connection whose request has no whole head by then is closed',
  }),
  BODY_TIMEOUT: duration({ default: 30 * SECOND, desc: 'after the head, time for the body; then 408' }),
  ANSWER_TIMEOUT: duration({
    default: MINUTE,
    desc: 'an answer that its client has not taken by then is cut off; of a stream, what was said last',
  }),
  KEEP_ALIVE_TIMEOUT: duration({
    default: 75 * SECOND,
    desc: 'an idle connection is kept for this long; longer than the proxy keeps it',
  }),
  SHUTDOWN_DELAY: seconds({
    default: 5 * SECOND,
    devDefault: 0,
    desc: 'told to stop, an instance is not ready and serves on for this long: above two probes; 5s, 0 outside production',
  }),
  MAX_CONNECTIONS: count({ default: 10_000, desc: 'open at once, from everywhere' }),
  MAX_CONNECTIONS_PER_NETWORK: count({
    default: 1000,
    desc: 'open at once from one network (/24, /64 for IPv6); a proxy in TRUST_PROXY may hold all',
  }),
};
