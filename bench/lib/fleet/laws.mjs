// What must be true when all is over: what was acknowledged is there, once, and nothing else.
import { idOf } from '../../targets/tenantry/ids.mjs';
import { query } from '../mariadb.mjs';
import { sleep } from '../proc.mjs';
import { USERS } from './fleet.mjs';

const NOTICED = 3_000; // milliseconds within which who waits for a killed instance hears of it
const LEASE = 150_000; // within which what it was about to deliver comes due again
const BIG = idOf('organization', 1);

const rows = (sql, ...values) => query(`tenantry_${USERS}`, [sql, values]);
const byId = async (sql, ...values) => new Map((await rows(sql, ...values)).map((row) => [row.id, row]));
const count = async (rest, ...values) => Number((await rows(`SELECT COUNT(*) AS n FROM ${rest}`, ...values))[0].n);

/** Adds to `notes.broken` what does not hold. */
export async function judge({ notes, ledger, kills }, mails) {
  cutOff(notes, kills);
  await invites(notes, ledger);
  await sessions(notes, ledger);
  for (const change of ledger.changes) await roles(notes, change, ledger.since);
  await delivered(notes, ledger, mails);
}

function cutOff(notes, kills) {
  for (const one of notes.lost) {
    const isKilled = kills.some(({ port, at }) => Number(one.by) === port && one.at >= at && one.at - at < NOTICED);
    notes.require(isKilled, 'only what a killed instance was at is cut off', one);
  }
}

async function invites(notes, ledger) {
  const stored = await byId('SELECT id, organization_id, email FROM invites WHERE created_at >= ?', ledger.since);
  const logged = await byId(
    "SELECT target_id AS id, COUNT(*) AS times FROM activity_logs WHERE action = 'invite.created' GROUP BY target_id",
  );
  for (const { id, organizationId, email } of ledger.invites) {
    const row = stored.get(id),
      isThere = row?.organization_id === organizationId && row.email === email;
    notes.require(isThere, 'an acknowledged invite is there', id, email, row);
    notes.require(Number(logged.get(id)?.times) === 1, 'it is in the activity log, once', id, logged.get(id));
  }
  notes.require(stored.size === ledger.invites.length, 'no other invite is there', stored.size, ledger.invites.length);
  const open = await count('idempotency_keys WHERE answer IS NULL');
  notes.require(open === 0, 'no idempotency key is left without an answer', open);
}

async function sessions(notes, { counters, signIns, ended }) {
  const stored = await byId('SELECT id, counter FROM sessions');
  for (const [id, counter] of counters)
    notes.require(stored.get(id)?.counter === counter, 'a session is as acknowledged', id, counter, stored.get(id));
  for (const id of ended) notes.require(!stored.has(id), 'an ended session is gone', id);
  for (const id of signIns) {
    const times = await count("activity_logs WHERE action = 'session.started' AND target_id = ?", id);
    notes.require(times === 1, 'a sign-in is in the activity log, once', id, times);
  }
}

async function roles(notes, { userId, acknowledged, lost, role }, since) {
  const [{ name }] = await rows(
    'SELECT r.name FROM user_org m JOIN roles r ON r.id = m.role_id WHERE m.user_id = ? AND m.organization_id = ?',
    userId,
    BIG,
  );
  notes.require(name === role, 'a member has the role that was acknowledged last', userId, name, role);
  const which = "organization_id = ? AND action = 'member.updated' AND target_id = ? AND created_at >= ?",
    times = await count(`activity_logs WHERE ${which}`, BIG, userId, since);
  const isEach = times >= acknowledged && times <= acknowledged + lost; // what was cut off was done or not
  notes.require(isEach, 'each change of a role is in the activity log, once', userId, times, acknowledged, lost);
}

async function delivered(notes, ledger, mails) {
  let due = await count('outbox_messages');
  for (let waited = 0; due > 0 && waited < LEASE; waited += 1000, due = await count('outbox_messages'))
    await sleep(1000);
  notes.require(due === 0, 'every message is delivered', due);
  const idsTo = new Map();
  for (const { to, id } of mails) idsTo.set(to, (idsTo.get(to) ?? new Set()).add(id));
  for (const { email } of ledger.invites) {
    const ids = idsTo.get(email);
    notes.require(ids?.size === 1, 'an invite is mailed, and twice only as the same message', email, ids && [...ids]);
  }
}
