import { createServer } from 'node:http';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';

/* A certified OpenID provider, in a process of its own: it is ESM, and none of our doing. Says where it listens on its first line. */
const [redirectUri] = process.argv.slice(2);
const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: 'tenantry', client_secret: 'a secret of the real one', redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  pkce: { required: () => true },
  // whoever signs in there is called by their address
  findAccount: (_, email) => ({
    accountId: email,
    claims: () => ({
      sub: `id-of-${email}`,
      email,
      email_verified: !email.startsWith('unverified'),
      name: 'Ada there',
    }),
  }),
});
server.on('request', provider.callback());
process.stdout.write(`${issuer}\n`);
process.stdin.on('end', () => process.exit()).resume(); // it lives no longer than who started it
