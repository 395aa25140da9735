// A year of use: ten lines of activity and one invite for each user.
import * as S from '../../shape.mjs';
import { chance, id, moment, padded } from './ids.mjs';

export const LINES = 10; // a user
const BUSY = 10; // people do half of what is done in the big organization

/** What is done, out of 1,000; the last thousandth is left to `organization.updated`. */
const ACTIONS = {
  'invite.created': 400,
  'member.updated': 200,
  'message.queued': 150,
  'post.updated': 120,
  'page.updated': 60,
  'role.updated': 30,
  'template.updated': 20,
  'invite.revoked': 19,
};
const uuid = (hex, n) => `(substr(${hex}, 1, 8) || '-' || substr(${hex}, 9) || '-7000-8000-' || ${padded(n)})`;

function action() {
  let upTo = 0;
  const cases = Object.entries(ACTIONS).map(([name, share]) => `WHEN h % 1000 < ${(upTo += share)} THEN '${name}'`);
  return `CASE WHEN org IS NULL THEN 'session.started' ${cases.join(' ')} ELSE 'organization.updated' END`;
}

/** A tenth happens in the big organization, three tenths in none (sign-ins), the rest in the ordinary ones. */
export function activity(users, { series, hex, at }) {
  const rows = users * LINES,
    ordinary = S.ordinaryOrgs(users);
  const placed = `SELECT n, ${chance('n')} AS h, ${chance('n', 1)} AS k, CASE WHEN n % 10 = 0 THEN 1 WHEN n % 10 < 4 THEN NULL ELSE 2 + ${chance('n', 2)} % ${ordinary} END AS org
    FROM ${series(1, rows)} s`;
  const done = `SELECT n, k, org, ${action()} AS action, CASE
      WHEN org IS NULL THEN 1 + k % ${users}
      WHEN org > 1 THEN org - 2 + ${ordinary} * (1 + k % 2)
      WHEN k % 20 = 7 THEN NULL
      WHEN k % 2 = 0 THEN 1 + (k >> 4) % ${BUSY}
      ELSE 1 + (k >> 4) % ${S.BIG_ORG_MEMBERS} END AS actor FROM (${placed}) p`;
  const target = `CASE
      WHEN org IS NULL THEN ${id('session', 'n')}
      WHEN action LIKE 'member.%' THEN ${id('user', `1 + k % ${S.BIG_ORG_MEMBERS}`)}
      WHEN action LIKE 'role.%' THEN ${id('member', 'org')}
      WHEN action LIKE 'organization.%' THEN ${id('organization', 'org')}
      WHEN action LIKE 'invite.%' THEN ${id('thing', 'n')}
      ELSE ${id('thing', 'org * 100 + k % 100')} END`;
  const ms = moment('n', rows);
  return `INSERT INTO activity_logs (id, created_at, organization_id, actor_id, action, target_type, target_id, ip, user_agent, request_id)
    SELECT ${uuid(hex(ms), 'n')}, ${at(ms)}, ${id('organization', 'org')}, ${id('user', 'actor')}, action,
      substr(action, 1, instr(action, '.') - 1), ${target}, '203.0.113.' || (n % 250),
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36', ${uuid(hex(ms), 'k')}
    FROM (${done}) d`;
}

/** All in ordinary organizations: a fifth is open and will be for long, the rest is closed. */
export function invites(users, engine) {
  const closed = (rest) => `CASE WHEN ${rest} THEN ${engine.at(moment('n', users))} ELSE NULL END`;
  return insertInvites(users, engine, {
    open: 'n % 5 = 0',
    until: `CASE WHEN n % 5 = 0 THEN '2040-01-01 00:00:00.000' ELSE ${engine.at(`${moment('n', users)} + ${7 * 86_400_000}`)} END`,
    closed: [closed('n % 5 IN (1, 2)'), closed('n % 5 = 3'), closed('n % 5 = 4')],
    numbers: [1, users],
  });
}

/** As many more, all open until that moment. */
export const expiring = (users, engine, until) =>
  insertInvites(users, engine, {
    open: '1 = 1',
    until: `'${until}'`,
    closed: ['NULL', 'NULL', 'NULL'],
    numbers: [users + 1, 2 * users],
  });

function insertInvites(users, { series, hex, at }, { open, until, closed, numbers: [from, to] }) {
  const ms = moment('n', users * 2),
    org = `(2 + ${chance('n')} % ${S.ordinaryOrgs(users)})`,
    email = "'invitee' || n || '@bench.test'";
  return `INSERT INTO invites (id, created_at, updated_at, version, organization_id, email, open_email, role_id, inviter_id,
      token_hash, expires_at, open_until, accepted_at, declined_at, revoked_at)
    SELECT ${uuid(hex(ms), 'n')}, ${at(ms)}, ${at(ms)}, 1, ${id('organization', org)}, ${email}, CASE WHEN ${open} THEN ${email} ELSE NULL END,
      ${id('member', org)}, ${id('user', `${org} - 2 + ${S.ordinaryOrgs(users)}`)},
      substr(${hex(chance('n'))} || ${padded('n')} || '${'0'.repeat(40)}', -64), ${until}, CASE WHEN ${open} THEN ${until} ELSE NULL END, ${closed.join(', ')}
    FROM ${series(from, to)} s`;
}
