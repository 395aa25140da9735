import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../test/support/process';
import { FlutterwaveStandIn } from '../test/support/providers/flutterwave.stand-in';
import { LemonSqueezyStandIn } from '../test/support/providers/lemonsqueezy.stand-in';
import { StripeStandIn } from '../test/support/providers/stripe.stand-in';

/*
 * A checkout on a laptop, without an account anywhere: starts a stand-in of the provider, and the app with it; makes a plan and
 * begins a checkout; waits until someone presses Pay. With --pay it presses by itself, in a folder and on ports that are free, and ends.
 */
const STAND_INS = { stripe: StripeStandIn, flutterwave: FlutterwaveStandIn, lemonsqueezy: LemonSqueezyStandIn };
const USAGE = `Usage: npm run payments:simulate -- ${Object.keys(STAND_INS).join('|')} [--pay]`;
const { SIMULATOR_PORT = '4010' } = process.env;
let API: string;
const SELLER = { email: 'seller@example.com', password: 'a market by the harbour' };

type Body = Record<string, any>;
type Provider = keyof typeof STAND_INS;
const isProvider = (name = ''): name is Provider => Object.hasOwn(STAND_INS, name);
const until = async <T>(look: () => Promise<T | undefined>, patience: number): Promise<T> => {
  for (let looks = 0; looks < patience; looks++) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    await pause(300);
  }
  throw new Error('It took too long.');
};

let token: string | undefined;
async function call(method: string, path: string, body?: object): Promise<Body> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

/** Platform staff, who also buys: an account of the app that is used again the next time. */
async function signIn(): Promise<void> {
  const known = await call('POST', '/auth/login', SELLER).catch(() => undefined);
  token = (
    known ?? (await call('POST', '/auth/signup', { ...SELLER, name: 'Seller', organizationName: 'Simulated Acme' }))
  ).accessToken;
  if (known) return;
  const mail = await until(async () => (await call('GET', `/dev/mailbox?to=${SELLER.email}`)).data[0], 50);
  await call('POST', '/auth/verify-email', { token: mail.links[0].split('token=')[1] });
}

/** The stand-in, and the app with its settings; both end with this process. */
async function open(provider: Provider, alone: boolean): Promise<void> {
  const standIn = await STAND_INS[provider].open(alone ? 0 : Number(SIMULATOR_PORT));
  const PORT = alone ? String(await freePort()) : (process.env.PORT ?? '3000');
  const folder = alone ? { DATA_DIR: mkdtempSync(join(tmpdir(), 'tenantry-simulated-')) } : {};
  process.once('exit', () => folder.DATA_DIR && rmSync(folder.DATA_DIR, { recursive: true, force: true }));
  API = `http://127.0.0.1:${PORT}`;
  const post = async (path: string, body: string, headers: Record<string, string>) => {
    const { status } = await fetch(API + path, { method: 'POST', body, headers });
    console.log(`  ${provider} told ${path} and was answered ${status}.`);
  };
  standIn.tell = { post };
  const settings = {
    PORT,
    ...folder,
    PLATFORM_ADMINS: SELLER.email,
    SIGNUP_POLICY: 'open',
    LOG_LEVEL: 'warn',
    ...standIn.settings,
  };
  const main = join(__dirname, '../dist/src/main.js');
  const app = spawn(process.execPath, [main], { env: { ...process.env, ...settings }, stdio: 'inherit' });
  process.once('exit', () => app.kill());
  app.once('exit', (code) => {
    console.error(`The app ended (${code}).`);
    process.exit(1);
  });
  await until(() => fetch(`${API}/health/ready`).then(({ ok }) => ok), 100);
}

async function simulate(provider: Provider, pays: boolean): Promise<void> {
  await open(provider, pays);
  await signIn();
  const price = { amount: 1900, currency: 'USD', interval: 'once' };
  const terms = { limits: { seats: 10 }, providerRefs: { lemonsqueezy: '1' } };
  const plan = { code: `team-${randomBytes(3).toString('hex')}`, name: 'Team', ...price, ...terms };
  const { id: planId } = await call('POST', '/plans', plan);
  const back = { successUrl: `${API}/docs`, cancelUrl: `${API}/docs` };
  const { payment, checkoutUrl } = await call('POST', `/payments/${provider}`, { planId, ...back });
  console.log(`\n  ${SELLER.email} (password "${SELLER.password}") buys ${plan.code}.`);
  console.log(`  Open ${checkoutUrl} and press Pay.\n`);
  if (pays) await fetch(`${checkoutUrl}/pay`, { method: 'POST', redirect: 'manual' });

  const isSettled = ({ status }: Body) => status !== 'created' && status !== 'pending';
  const look = async () => [await call('GET', `/payments/${payment.id}`)].find(isSettled);
  const { status } = await until(look, Infinity);
  const [organization] = (await call('GET', '/organizations')).data;
  console.log(`  The payment has ${status}; the plan is ${organization.plan}, ${JSON.stringify(organization.limits)}.`);
  if (pays) process.exit(status === 'succeeded' ? 0 : 1);
  console.log(`  The app goes on at ${API}/docs, its mail at ${API}/dev/mailbox. Ctrl-C ends both.`);
}

const [provider, flag] = process.argv.slice(2);
if (!isProvider(provider) || (flag !== undefined && flag !== '--pay')) {
  console.error(USAGE);
  process.exit(1);
}
simulate(provider, flag === '--pay').catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
