// Tenantry as in production: built, one process, logs at info into a file, every check of docs/security.md on.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { hash } from '@node-rs/argon2';
import { fetchOnce } from '../lib/client.mjs';
import { mailSink } from '../lib/mail-sink.mjs';
import { DATA } from '../lib/mariadb.mjs';
import * as proc from '../lib/proc.mjs';
import * as S from '../shape.mjs';
import { embedded, MARIADB, mariadb } from './tenantry/databases.mjs';
import { logs, sweeping } from './tenantry/growth.mjs';
import { idOf } from './tenantry/ids.mjs';

const here = new URL('../../', import.meta.url).pathname;
const secret = (name, make) => {
  const file = `${DATA}/${name}`;
  if (!fs.existsSync(file)) fs.writeFileSync(file, make(), { mode: 0o600 });
  return fs.readFileSync(file, 'utf8');
};
const pem = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

/** `root`: of another commit, built, which has databases of its own. */
export const tenantry = ({ name, users, port, engine, root = here }) => {
  const data = `${root === here ? 'tenantry' : 'base'}_${users}`,
    database = engine === 'embedded' ? embedded(data, users) : mariadb(data, users);
  const { scripts } = JSON.parse(fs.readFileSync(`${root}/package.json`, 'utf8'));
  const env = {
    NODE_ENV: 'production',
    PORT: port,
    APP_URL: `http://127.0.0.1:${port}`,
    MAIL_FROM: 'Tenantry <no-reply@localhost>',
    DATABASE_URL: database.url,
    DATA_DIR: DATA,
    ALLOW_EMBEDDED: 'true',
    SMTP_URL: `smtp://127.0.0.1:${mailSink.port}`,
    JWT_PRIVATE_KEY: secret('jwt.pem', pem),
    RATE_LIMIT: '100000000/1m', // counted as always; all load comes from one network
    MAIL_LIMIT: '100000000/1h', // likewise
    SECRET_KEYS: secret('ring', () => `bench:${randomBytes(32).toString('base64')}`),
    ACCESS_TOKEN_TTL: '12h',
  };
  const get = (path) => (vu) => ({ method: 'GET', path, headers: vu.auth, expect: 200 });
  const post = (path, headers, body, expect = 200, after) => ({
    method: 'POST',
    path,
    headers,
    body: JSON.stringify(body),
    expect,
    after,
  });
  const spec = {
    name,
    port,
    hash: 'argon2id',
    health: '/health/ready',
    cwd: root,
    cmd: process.execPath,
    args: scripts['start:prod'].split(' ').slice(1),
    env,
  };
  const invite = (silent) => ({
    pool: 'inviters',
    before: () => {
      mailSink.silent = silent;
      return forget();
    },
    build: (vu, i) => {
      const v = S.turn(vu, i),
        email = S.newEmail();
      return post(
        `/organizations/${idOf('organization', S.inviterOrg(v.n))}/invites`,
        { ...v.auth, 'idempotency-key': email },
        { email, role: 'Member' },
        201,
      );
    },
  });
  const forget = async () => {
    for (const what of ['outbox_messages', 'idempotency_keys', `invites WHERE email LIKE '${S.GUESTS}'`])
      await database.run(`DELETE FROM ${what}`);
  };
  return {
    ...spec,
    onMariaDb: engine !== 'embedded',
    database,
    growth: { users, get, run: database.run, logs: logs(users), expiring: sweeping(users, MARIADB) },
    seed: async () =>
      database.seed(
        async () => proc.stop(await proc.start(spec, { log: `${DATA}/${name}.log` })),
        await hash(S.PASSWORD, { algorithm: 2, memoryCost: 19456, timeCost: 2, parallelism: 1 }),
      ),
    async login(n) {
      const r = await fetchOnce(port, post('/auth/login', undefined, { email: S.email(n), password: S.PASSWORD }));
      if (r.status !== 200) throw new Error(`${name} login ${r.status} ${r.text}`);
      return { n, auth: { authorization: `Bearer ${r.json.accessToken}` }, refresh: r.json.refreshToken };
    },
    ops: {
      a: {
        pool: 'signers',
        build: (vu) => post('/auth/login', undefined, { email: S.email(vu.n), password: S.PASSWORD }),
      },
      b: { pool: 'readers', build: get('/auth/me') },
      c: { pool: 'readers', build: get('/organizations') },
      d: {
        pool: 'readers',
        build: (vu) =>
          get(
            `/organizations/${idOf('organization', 1)}/members?limit=20&cursor=${idOf('big', S.BIG_ORG_MEMBERS + 1 - 20 * S.page())}`,
          )(vu),
      },
      e: {
        pool: 'denied',
        build: (vu) =>
          post(
            `/organizations/${idOf('organization', 1)}/invites`,
            vu.auth,
            { email: 'nobody@invite.test', role: 'Member' },
            403,
          ),
      },
      f: invite(true),
      'f:mail': invite(false),
      g: {
        pool: 'refreshers',
        build: (vu) =>
          post('/auth/refresh', undefined, { refreshToken: vu.refresh }, 200, (v, body) => {
            v.refresh = JSON.parse(body).refreshToken;
          }),
      },
    },
    checks: {
      b: (j) => /^user\d+@bench\.test$/.test(j.user.email),
      c: (j) => j.data.length === 3,
      d: (j) => j.data.length === 20 && j.data.every((m) => m.role && m.email),
      f: (j) => j.status === 'pending',
    },
  };
};
