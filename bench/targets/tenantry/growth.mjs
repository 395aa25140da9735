// What grows with the years, and how it is asked for: two activity logs, and the invites that expire.
import { sqlTime } from '../../lib/mariadb.mjs';
import { BULK } from './databases.mjs';
import { idAt, idOf } from './ids.mjs';
import { expiring, LINES } from './years.mjs';

const PAGE = 20;
const BUSY = idOf('user', 3); // of a twentieth of the big organization's lines
const QUIET = idOf('user', 777); // of one in two thousand
const ROLE = idOf('member', 1); // one in thirty lines is about it
const POST = idOf('thing', 152); // one in three hundred
const OFTEN = 'action=invite.created'; // two in five
const SELDOM = 'action=organization.updated'; // one in a thousand
const WEEK = 'from=2025-06-01T00:00:00Z&to=2025-06-08T00:00:00Z';

const FILTERS = {
  none: '',
  'actor, busy': `actor=${BUSY}`,
  'actor, quiet': `actor=${QUIET}`,
  'action, frequent': OFTEN,
  'action, rare': SELDOM,
  'action, never seen': 'action=plan.deleted',
  'target, a role': `target=${ROLE}`,
  'target, a post': `target=${POST}`,
  from: WEEK.split('&')[0],
  to: WEEK.split('&')[1],
  'from, to': WEEK,
  'busy actor, frequent action': `actor=${BUSY}&${OFTEN}`,
  'busy actor, rare action': `actor=${BUSY}&${SELDOM}`,
  'quiet actor, frequent action': `actor=${QUIET}&${OFTEN}`,
  'quiet actor, rare action': `actor=${QUIET}&${SELDOM}`,
  'busy actor, target': `actor=${BUSY}&target=${ROLE}`,
  'action, target': `action=post.updated&target=${POST}`,
  'action, from, to': `${SELDOM}&${WEEK}`,
  'actor, from, to': `actor=${QUIET}&${WEEK}`,
  'target, from, to': `target=${POST}&${WEEK}`,
  'actor, action, from, to': `actor=${BUSY}&${SELDOM}&${WEEK}`,
  'actor, action, target, from, to': `actor=${BUSY}&action=role.updated&target=${ROLE}&${WEEK}`,
};

/** Paths by name. A person reads their own log by the same filters, but for `actor`. */
export function logs(users) {
  const organization = `/organizations/${idOf('organization', 1)}/activity-logs?limit=${PAGE}`;
  const ofOrganization = Object.entries(FILTERS).map(([name, query]) => [name, `${organization}&${query}`]);
  const ofPerson = Object.entries(FILTERS)
    .filter(([, query]) => !query.includes('actor='))
    .map(([name, query]) => [`of a person: ${name}`, `/users/me/activity-logs?limit=${PAGE}&${query}`]);
  const cursorOf = (page) => idAt(LINES * (users - (page - 1) * PAGE + 1), users * LINES);
  return {
    filters: Object.fromEntries([...ofOrganization, ...ofPerson]),
    page: (n) => `${organization}&cursor=${cursorOf(n)}`,
    table: 'activity_logs',
  };
}

/** As the app keeps what has expired. */
const KEPT = 30 * 86_400_000;
const expired = (due) => sqlTime(new Date(Date.parse(`${due.replace(' ', 'T')}Z`) - KEPT));

/** Invites whose time is over at one moment: SQL that makes them, finds the last one, counts those that are gone, and clears up. */
export const sweeping = (users, engine) => {
  const [first, last] = [users + 1, 2 * users].map((n) => idAt(n, 2 * users));
  return {
    rows: users,
    make: (due) => [BULK, expiring(users, engine, expired(due))],
    last: `SELECT id FROM invites WHERE id = '${last}'`,
    swept: `SELECT ${users} - COUNT(*) AS n FROM invites WHERE id BETWEEN '${first}' AND '${last}'`,
    clear: [`DELETE FROM invites WHERE id BETWEEN '${first}' AND '${last}'`],
  };
};
