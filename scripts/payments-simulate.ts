import { randomBytes } from 'node:crypto';
import { App, type Body, type Provider, SELLER, STAND_INS, until } from './simulation/app';
import { walk } from './simulation/walk';

/*
 * A checkout on a laptop, without an account anywhere: starts a stand-in of the provider, and the app with it; makes a plan and begins a
 * checkout; waits until someone presses Pay. With --pay it presses by itself; with --walk it goes on to what happens later to what is
 * paid by the month. Both are in a folder and on ports that are free, and end.
 */
const WAYS = ['--pay', '--walk'];
const USAGE = `Usage: npm run payments:simulate -- ${Object.keys(STAND_INS).join('|')} [${WAYS.join('|')}]`;
const isProvider = (name = ''): name is Provider => Object.hasOwn(STAND_INS, name);

async function simulate(provider: Provider, way?: string): Promise<void> {
  const { app, standIn } = await App.open(provider, way !== undefined);
  if (way !== '--walk') return checkOut(app, provider, way === '--pay');
  await walk(app, standIn);
  process.exit(0);
}

async function checkOut(app: App, provider: Provider, pays: boolean): Promise<void> {
  const price = { amount: 1900, currency: 'USD', interval: 'once' };
  const terms = { limits: { seats: 10 }, providerRefs: { lemonsqueezy: '1' } };
  const plan = { code: `team-${randomBytes(3).toString('hex')}`, name: 'Team', ...price, ...terms };
  const { id: planId } = await app.call('POST', '/plans', plan);
  const back = { successUrl: `${app.url}/docs`, cancelUrl: `${app.url}/docs` };
  const { payment, checkoutUrl } = await app.call('POST', `/payments/${provider}`, { planId, ...back });
  console.log(`\n  ${SELLER.email} (password "${SELLER.password}") buys ${plan.code}.`);
  console.log(`  Open ${checkoutUrl} and press Pay.\n`);
  if (pays) await fetch(`${checkoutUrl}/pay`, { method: 'POST', redirect: 'manual' });

  const isSettled = ({ status }: Body) => status !== 'created' && status !== 'pending';
  const look = async () => [await app.call('GET', `/payments/${payment.id}`)].find(isSettled);
  const { status } = await until(look, Infinity);
  const [organization] = (await app.call('GET', '/organizations')).data;
  console.log(`  The payment has ${status}; the plan is ${organization.plan}, ${JSON.stringify(organization.limits)}.`);
  if (pays) process.exit(status === 'succeeded' ? 0 : 1);
  console.log(`  The app goes on at ${app.url}/docs, its mail at ${app.url}/dev/mailbox. Ctrl-C ends both.`);
}

const [provider, way] = process.argv.slice(2);
if (!isProvider(provider) || (way !== undefined && !WAYS.includes(way))) {
  console.error(USAGE);
  process.exit(1);
}
simulate(provider, way).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
