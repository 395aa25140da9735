/** Run by test/house/client.test.ts against an app whose address is given. Each line that is printed is a fact. */
import { createTenantry, ProblemError, type Tokens } from 'tenantry-client';

declare const process: { argv: string[] };

const baseUrl = process.argv[2]!;
const say = (fact: string, ...values: unknown[]) => console.log([fact, ...values].join(' '));
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => say('not refused'),
    (problem: unknown) => problem as ProblemError,
  );

const nobody = createTenantry({ baseUrl: `${baseUrl}/` });
const credentials = { email: 'annie@example.com', password: 'harvard computers at noon' };
const signUp = await nobody.post('/auth/signup', { body: { ...credentials, organizationName: 'Stars' } });
if (!('accessToken' in signUp)) throw new Error('Sign-up is not open here.');

const told: Tokens[] = [];
const expired = { accessToken: 'expired', refreshToken: signUp.refreshToken };
let sent = 0;
const annie = createTenantry({
  baseUrl,
  ...expired,
  onTokens: (tokens) => void told.push(tokens),
  fetch: (request) => {
    sent++;
    return fetch(request);
  },
});
const body = { name: 'Annie' };
const answers = await Promise.all([
  ...Array.from({ length: 10 }, () => annie.get('/auth/me')),
  annie.put('/users/{userId}', { params: { path: { userId: 'me' } }, body }),
]);
say('eleven requests with an expired token are answered:', answers.length);
say('with one refresh:', told.length, 'that is told:', told[0]!.refreshToken !== signUp.refreshToken);
say('and each is sent again once:', sent === 11 + 1 + 11);
say('a body, too:', (await annie.get('/auth/me')).user.name);

const kept = createTenantry({ baseUrl, ...told[0]! });
say('a pair that was kept goes on:', (await kept.get('/auth/me')).user.email);
await kept.post('/auth/logout');
const ended = await refusal(annie.get('/auth/me'));
say('a session that ended cannot be refreshed:', ended?.status, ended?.code);

const wrong = await refusal(annie.post('/auth/login', { body: { ...credentials, password: 'a guess of someone' } }));
say('a wrong password is no expired token:', wrong?.status, wrong?.code);
const odd = await refusal(nobody.post('/auth/login', { body: { email: 'annie', password: 'x' } }));
say('what is wrong is named:', odd?.errors.map(({ pointer }) => pointer).join(','), typeof odd?.requestId);

const busy = new Response('<h1>Busy</h1>', { status: 503, headers: { 'Retry-After': '7' } });
const proxied = createTenantry({ baseUrl, fetch: async () => busy });
const unreadable = await refusal(proxied.get('/versions/current'));
say('a proxy that answers for it:', unreadable?.status, unreadable?.code, unreadable?.retryAfter);

let header: string | null = '';
const elsewhere = async (request: Request) => {
  header = request.headers.get('Organization-Id');
  return new Response(null, { status: 204 });
};
const inOrg = createTenantry({ baseUrl, organizationId: 'an-id', fetch: elsewhere });
say('nothing is undefined:', await inOrg.post('/auth/logout'), 'the organization is named:', header);

/** What must not compile: tsc complains where it does. */
export const wrongs = () => [
  // @ts-expect-error -- no such path
  nobody.get('/nowhere'),
  // @ts-expect-error -- not this verb
  nobody.delete('/auth/me'),
  // @ts-expect-error -- a path has parameters
  nobody.get('/organizations/{orgId}'),
  // @ts-expect-error -- a body is missing
  nobody.post('/auth/login'),
  // @ts-expect-error -- of the wrong type
  nobody.post('/auth/login', { body: { email: 1, password: 'x' } }),
  // @ts-expect-error -- with a field too many
  nobody.post('/auth/login', { body: { email: 'x', password: 'x', remember: true } }),
  // @ts-expect-error -- an answer has no such field
  nobody.get('/versions/current').then(({ nickname }) => nickname),
  // @ts-expect-error -- no such code
  wrong?.code === 'wrong-credential',
];
