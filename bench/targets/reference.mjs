// The practical limit: the same work by hand, node:http and mysql2's prepared statements, without a framework.
import fs from 'node:fs';
import { hash } from '@node-rs/argon2';
import { fetchOnce } from '../lib/client.mjs';
import { query, seedOnce, SERVER } from '../lib/mariadb.mjs';
import * as S from '../shape.mjs';

const dir = new URL('./reference/', import.meta.url).pathname;

export const reference = ({ users, port, name }) => {
  const db = `ref_${users}`;
  const get = (path) => (vu) => ({ method: 'GET', path, headers: vu.auth, expect: 200 });
  const post = (path, headers, body, expect = 200, after) => ({
    method: 'POST',
    path,
    headers,
    body: JSON.stringify(body),
    expect,
    after,
  });
  return {
    name,
    port,
    hash: 'argon2id',
    health: '/health',
    cwd: dir,
    onMariaDb: true,
    cmd: process.execPath,
    args: ['server.mjs'],
    env: { PORT: port, DB_PORT: SERVER.port, DB_NAME: db, NODE_ENV: 'production' },
    seed: () =>
      seedOnce(db, async () => {
        const passwordHash = await hash(S.PASSWORD, { algorithm: 2, memoryCost: 19456, timeCost: 2, parallelism: 1 });
        const members = (organization, role, from, to) =>
          `INSERT INTO memberships (org_id, user_id, role_id) SELECT ${organization}, seq, ${role} FROM (SELECT seq, seq AS n FROM seq_${from}_to_${to}) x`;
        await query(
          db,
          fs.readFileSync(`${dir}schema.sql`, 'utf8'),
          [
            `INSERT INTO users (id, email, name, password_hash) SELECT seq, CONCAT('user', seq, '@bench.test'), CONCAT('User ', seq), ? FROM seq_1_to_${users}`,
            [passwordHash],
          ],
          `INSERT INTO organizations (id, name, slug) SELECT seq, CONCAT('Org ', seq), CONCAT('org-', seq) FROM seq_1_to_${1 + S.ordinaryOrgs(users)}`,
          `INSERT INTO organizations (id, name, slug) SELECT ${S.inviterOrg(0)} + seq, CONCAT('Inviter ', seq), CONCAT('inviter-', seq) FROM seq_41_to_200`,
          members('1', 'IF(seq <= 20, 2, 3)', 1, S.BIG_ORG_MEMBERS),
          members(S.orgA(users), 3, 1, users),
          members(S.orgB(users), 3, 1, users),
          members(`${S.inviterOrg(0)} + seq`, 1, 41, 200),
          'ANALYZE TABLE users, organizations, memberships',
        );
      }),
    async login(n) {
      const r = await fetchOnce(port, post('/auth/sign-in', undefined, { email: S.email(n), password: S.PASSWORD }));
      if (r.status !== 200) throw new Error(`${name} login ${r.status} ${r.text}`);
      return { n, auth: { authorization: `Bearer ${r.json.accessToken}` }, refresh: r.json.refreshToken };
    },
    ops: {
      a: {
        pool: 'signers',
        build: (vu) => post('/auth/sign-in', undefined, { email: S.email(vu.n), password: S.PASSWORD }),
      },
      b: { pool: 'readers', build: get('/me') },
      c: { pool: 'readers', build: get('/me/organizations') },
      d: { pool: 'readers', build: (vu) => get(`/organizations/1/members?limit=20&after=${20 * S.page()}`)(vu) },
      e: {
        pool: 'denied',
        build: (vu) =>
          post('/organizations/1/invitations', vu.auth, { email: 'nobody@invite.test', role: 'member' }, 403),
      },
      f: {
        pool: 'inviters',
        before: () => query(db, 'DELETE FROM invitations'),
        build: (vu, i) => {
          const v = S.turn(vu, i);
          return post(
            `/organizations/${S.inviterOrg(v.n)}/invitations`,
            v.auth,
            { email: S.newEmail(), role: 'member' },
            201,
          );
        },
      },
      g: {
        pool: 'refreshers',
        build: (vu) =>
          post('/auth/refresh', undefined, { refreshToken: vu.refresh }, 200, (v, body) => {
            v.refresh = JSON.parse(body).refreshToken;
          }),
      },
    },
    checks: {
      b: (j) => /^user\d+@bench\.test$/.test(j.email),
      c: (j) => j.length === 3 && j.every((o) => o.role),
      d: (j) => j.items.length === 20 && j.items.every((m) => m.role && m.email),
    },
  };
};
