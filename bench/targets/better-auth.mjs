// better-auth with its organization and jwt plugins, on the same MariaDB. Cookie sessions, its default; it has no page by cursor.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { fetchOnce } from '../lib/client.mjs';
import { query, seedOnce, SERVER } from '../lib/mariadb.mjs';
import * as S from '../shape.mjs';

const dir = new URL('./better-auth/', import.meta.url).pathname;
const id = (kind, n) => `MD5(CONCAT('${kind}', ${n}))`; // 32 characters in random order, like its own ids
const md5 = (text) => createHash('md5').update(text).digest('hex');

export const betterAuth = ({ users, port, name }) => {
  const db = `better_auth_${users}`,
    origin = `http://127.0.0.1:${port}`;
  const env = {
    PORT: port,
    DB_PORT: SERVER.port,
    DB_NAME: db,
    BETTER_AUTH_SECRET: 'q7Rk2Vx9Lm4Tz8Wb1Nc6Yd3Hf5Jg0PsUaEoIiQvX',
    NODE_ENV: 'production',
  };
  const get = (path) => (vu) => ({ method: 'GET', path: `/api/auth${path}`, headers: vu.auth, expect: 200 });
  const post = (path, headers, body, expect = 200) => ({
    method: 'POST',
    path: `/api/auth${path}`,
    headers: { origin, ...headers },
    body: JSON.stringify(body),
    expect,
  });
  const inviteTo = (organization) => ({ email: S.newEmail(), role: 'member', organizationId: md5(`o${organization}`) });
  return {
    name,
    port,
    hash: 'scrypt',
    health: '/api/auth/ok',
    cwd: dir,
    cmd: process.execPath,
    args: ['server.mjs'],
    env,
    onMariaDb: true,
    seed: () =>
      seedOnce(db, async () => {
        execFileSync(process.execPath, ['migrate.mjs'], {
          cwd: dir,
          env: { PATH: process.env.PATH, ...env },
          stdio: 'ignore',
        });
        const { hashPassword } = await import('better-auth/crypto');
        const organizations = (from, to) =>
          `INSERT INTO organization (id, name, slug, createdAt) SELECT ${id('o', 'seq')}, CONCAT('Org ', seq), CONCAT('org-', seq), NOW() FROM seq_${from}_to_${to}`;
        const members = (tag, organization, role, from, to) =>
          `INSERT INTO member (id, organizationId, userId, role, createdAt) SELECT ${id(tag, 'n')}, MD5(CONCAT('o', ${organization})), ${id('u', 'n')}, ${role}, NOW() FROM (SELECT seq AS n FROM seq_${from}_to_${to}) x`;
        await query(
          db,
          'SET foreign_key_checks = 0, unique_checks = 0',
          `INSERT INTO user (id, name, email, emailVerified) SELECT ${id('u', 'seq')}, CONCAT('User ', seq), CONCAT('user', seq, '@bench.test'), 1 FROM seq_1_to_${users}`,
          [
            `INSERT INTO account (id, accountId, providerId, userId, password, updatedAt) SELECT ${id('a', 'seq')}, ${id('u', 'seq')}, 'credential', ${id('u', 'seq')}, ?, NOW() FROM seq_1_to_${users}`,
            [await hashPassword(S.PASSWORD)],
          ],
          organizations(1, 1 + S.ordinaryOrgs(users)),
          organizations(S.inviterOrg(41), S.inviterOrg(200)),
          members('m1', '1', "IF(n <= 20, 'admin', 'member')", 1, S.BIG_ORG_MEMBERS),
          members('m2', S.orgA(users), "'member'", 1, users),
          members('m3', S.orgB(users), "'member'", 1, users),
          members('m4', `${S.inviterOrg(0)} + n`, "'owner'", 41, 200),
          'ANALYZE TABLE user, account, session, organization, member',
        );
      }),
    async login(n) {
      const r = await fetchOnce(port, post('/sign-in/email', {}, { email: S.email(n), password: S.PASSWORD }));
      if (r.status !== 200) throw new Error(`${name} login ${r.status} ${r.text}`);
      return { n, auth: { cookie: r.cookies } };
    },
    ops: {
      a: { pool: 'signers', build: (vu) => post('/sign-in/email', {}, { email: S.email(vu.n), password: S.PASSWORD }) },
      b: { pool: 'readers', build: get('/get-session') },
      c: { pool: 'readers', build: get('/organization/list') },
      d: {
        pool: 'readers',
        build: (vu) =>
          get(`/organization/list-members?organizationId=${md5('o1')}&limit=20&offset=${20 * S.page()}`)(vu),
      },
      e: { pool: 'denied', build: (vu) => post('/organization/invite-member', vu.auth, inviteTo(1), 403) },
      f: {
        pool: 'inviters',
        before: () => query(db, 'DELETE FROM invitation'),
        build: (vu, i) => {
          const v = S.turn(vu, i);
          return post('/organization/invite-member', v.auth, inviteTo(S.inviterOrg(v.n)));
        },
      },
      g: { pool: 'refreshers', build: get('/token') },
    },
    checks: {
      b: (j) => /^user\d+@bench\.test$/.test(j.user.email),
      c: (j) => j.length === 3,
      d: (j) => j.members.length === 20 && j.members.every((m) => m.role && m.user.email),
    },
  };
};
