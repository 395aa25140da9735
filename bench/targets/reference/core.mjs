// The work itself: hand-written SQL through mysql2 prepared statements, HS256 by node:crypto.
import mysql from 'mysql2';
import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { verify as verifyPassword } from '@node-rs/argon2';

const pool = mysql.createPool({
  host: '127.0.0.1',
  port: +process.env.DB_PORT,
  user: 'bench',
  password: 'bench',
  database: process.env.DB_NAME,
  connectionLimit: +(process.env.DB_POOL ?? 10),
});
const q = (sql, params) => new Promise((ok, bad) => pool.execute(sql, params, (e, rows) => (e ? bad(e) : ok(rows))));

const KEY = createSecretKey(Buffer.from(process.env.JWT_SECRET ?? 'reference-secret-reference-secret'));
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
const mac = (s) => createHmac('sha256', KEY).update(s).digest();
const sha256 = (s) => createHash('sha256').update(s).digest();

export function signJwt(sub, ttl = 43200) {
  const now = Math.floor(Date.now() / 1000);
  const body = `${HEADER}.${Buffer.from(JSON.stringify({ sub, iat: now, exp: now + ttl })).toString('base64url')}`;
  return `${body}.${mac(body).toString('base64url')}`;
}
export function userFrom(authorization) {
  if (!authorization?.startsWith('Bearer ')) return 0;
  const token = authorization.slice(7),
    dot = token.lastIndexOf('.');
  if (dot < 0 || !token.startsWith(HEADER + '.')) return 0;
  const sig = Buffer.from(token.slice(dot + 1), 'base64url');
  if (sig.length !== 32 || !timingSafeEqual(sig, mac(token.slice(0, dot)))) return 0;
  const claims = JSON.parse(Buffer.from(token.slice(HEADER.length + 1, dot), 'base64url').toString());
  return claims.exp > Date.now() / 1000 ? claims.sub : 0;
}
const newSecret = () => randomBytes(32).toString('base64url');
const DUMMY = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Kq2o1m0Hh2m6tS0nMZ5n9JkC8y8y5c2dQm0W9k1b2aE';

export async function signIn({ email, password }) {
  const [u] = await q('SELECT id, email, name, password_hash FROM users WHERE email = ?', [email]);
  const ok = await verifyPassword(u?.password_hash ?? DUMMY, password);
  if (!u || !ok) return [401, { error: 'invalid_credentials' }];
  const secret = newSecret();
  const r = await q(
    'INSERT INTO refresh_tokens (user_id, token_hash, expires_at) VALUES (?, ?, NOW() + INTERVAL 30 DAY)',
    [u.id, sha256(secret)],
  );
  return [
    200,
    {
      accessToken: signJwt(u.id),
      refreshToken: `${r.insertId}.${u.id}.${secret}`,
      user: { id: u.id, email: u.email, name: u.name },
    },
  ];
}
export async function refresh({ refreshToken }) {
  const [id, uid, old] = String(refreshToken).split('.');
  const secret = newSecret();
  const r = await q(
    'UPDATE refresh_tokens SET token_hash = ?, expires_at = NOW() + INTERVAL 30 DAY WHERE id = ? AND user_id = ? AND token_hash = ? AND expires_at > NOW()',
    [sha256(secret), id, uid, sha256(old ?? '')],
  );
  if (r.affectedRows !== 1) return [401, { error: 'invalid_refresh_token' }];
  return [200, { accessToken: signJwt(+uid), refreshToken: `${id}.${uid}.${secret}` }];
}
export async function me(uid) {
  const [u] = await q('SELECT id, email, name, created_at FROM users WHERE id = ?', [uid]);
  return u ? [200, u] : [401, { error: 'unauthorized' }];
}
export async function myOrganizations(uid) {
  return [
    200,
    await q(
      'SELECT o.id, o.name, o.slug, r.name AS role FROM memberships m JOIN organizations o ON o.id = m.org_id JOIN roles r ON r.id = m.role_id WHERE m.user_id = ?',
      [uid],
    ),
  ];
}
const can = async (uid, org, permission) =>
  (
    await q(
      'SELECT 1 FROM memberships m JOIN role_permissions p ON p.role_id = m.role_id AND p.permission = ? WHERE m.org_id = ? AND m.user_id = ?',
      [permission, org, uid],
    )
  ).length === 1;
const FORBIDDEN = [403, { error: 'forbidden' }];

const MEMBER = 'm.id, u.id AS userId, u.email, u.name, r.name AS role, m.created_at',
  MEMBER_JOIN = 'STRAIGHT_JOIN users u ON u.id = m.user_id STRAIGHT_JOIN roles r ON r.id = m.role_id';
export async function members(uid, org, limit, offset) {
  if (!(await can(uid, org, 'members.read'))) return FORBIDDEN;
  const [items, [{ total }]] = await Promise.all([
    q(
      `SELECT ${MEMBER} FROM (SELECT id FROM memberships WHERE org_id = ? ORDER BY id LIMIT ? OFFSET ?) p STRAIGHT_JOIN memberships m ON m.id = p.id ${MEMBER_JOIN} ORDER BY m.id`,
      [org, String(limit), String(offset)],
    ),
    q('SELECT COUNT(*) AS total FROM memberships WHERE org_id = ?', [org]),
  ]);
  return [200, { items, total }];
}
/** The same page by key instead of offset and count: what a cursor API would cost. */
export async function membersAfter(uid, org, limit, after) {
  if (!(await can(uid, org, 'members.read'))) return FORBIDDEN;
  const items = await q(
    `SELECT ${MEMBER} FROM (SELECT id FROM memberships WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?) p STRAIGHT_JOIN memberships m ON m.id = p.id ${MEMBER_JOIN} ORDER BY m.id`,
    [org, String(after), String(limit)],
  );
  return [200, { items, next: items.at(-1)?.id ?? null }];
}
export const mail = {
  sent: 0,
  send() {
    this.sent++;
  },
}; // null transport
export async function invite(uid, org, { email, role }) {
  if (!(await can(uid, org, 'invites.create'))) return FORBIDDEN;
  const [x] = await q(
    "SELECT EXISTS(SELECT 1 FROM users u JOIN memberships m ON m.user_id = u.id AND m.org_id = ? WHERE u.email = ?) AS member, EXISTS(SELECT 1 FROM invitations WHERE org_id = ? AND email = ? AND status = 'pending') AS pending",
    [org, email, org, email],
  );
  if (x.member || x.pending) return [409, { error: 'already_invited_or_member' }];
  const secret = newSecret();
  const r = await q(
    'INSERT INTO invitations (org_id, email, role_id, token_hash, invited_by, expires_at) SELECT ?, ?, id, ?, ?, NOW() + INTERVAL 7 DAY FROM roles WHERE name = ?',
    [org, email, sha256(secret), uid, role],
  );
  mail.send({ to: email, secret });
  return [201, { id: r.insertId, email, role, status: 'pending' }];
}
