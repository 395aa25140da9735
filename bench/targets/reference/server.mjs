// Physical-limit reference: node:http, no framework. CLUSTER=n runs n processes on one port.
import http from 'node:http';
import cluster from 'node:cluster';
import * as core from './core.mjs';

const PORT = +process.env.PORT,
  N = +(process.env.CLUSTER ?? 1);
const ORG = /^\/organizations\/(\d+)\/(members|invitations)(?:\?(.*))?$/;
const send = (res, [status, body]) => {
  const s = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': s.length });
  res.end(s);
};
const json = (req) =>
  new Promise((ok, bad) => {
    const parts = [];
    req
      .on('data', (c) => parts.push(c))
      .on('end', () => {
        try {
          ok(JSON.parse(Buffer.concat(parts).toString()));
        } catch (e) {
          bad(e);
        }
      })
      .on('error', bad);
  });
async function route(req) {
  const { method, url } = req;
  if (url === '/health') return [200, { ok: true }];
  if (method === 'POST' && url === '/auth/sign-in') return core.signIn(await json(req));
  if (method === 'POST' && url === '/auth/refresh') return core.refresh(await json(req));
  const uid = core.userFrom(req.headers.authorization);
  if (!uid) return [401, { error: 'unauthorized' }];
  if (method === 'GET' && url === '/me') return core.me(uid);
  if (method === 'GET' && url === '/me/organizations') return core.myOrganizations(uid);
  const m = ORG.exec(url);
  if (m && method === 'GET' && m[2] === 'members') {
    const p = new URLSearchParams(m[3]);
    if (p.has('after')) return core.membersAfter(uid, m[1], Math.min(100, +(p.get('limit') ?? 20)), +p.get('after'));
    return core.members(uid, m[1], Math.min(100, +(p.get('limit') ?? 20)), +(p.get('offset') ?? 0));
  }
  if (m && method === 'POST' && m[2] === 'invitations') return core.invite(uid, m[1], await json(req));
  return [404, { error: 'not_found' }];
}
if (N > 1 && cluster.isPrimary) {
  for (let i = 0; i < N; i++) cluster.fork();
  process.on('SIGTERM', () => process.exit(0));
} else
  http
    .createServer((req, res) =>
      route(req).then(
        (r) => send(res, r),
        (e) => {
          console.error(e);
          send(res, [500, { error: 'internal' }]);
        },
      ),
    )
    .listen(PORT, '127.0.0.1');
