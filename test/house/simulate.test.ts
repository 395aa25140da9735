import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { emptyPlace } from '../support/place';
import { freePort } from '../support/process';

const HERE = join(__dirname, '../..');

/** `npm run payments:simulate`, of what is built. */
async function simulate(folder: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const [PORT, SIMULATOR_PORT] = [String(await freePort()), String(await freePort())];
  const env = { PATH: process.env.PATH, DATA_DIR: folder, PORT, SIMULATOR_PORT };
  const script = ['-r', './scripts/typescript.cjs', 'scripts/payments-simulate.ts', ...args];
  const child = spawn(process.execPath, script, { cwd: HERE, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}

test('a checkout goes through on a laptop without any account, again and again', async () => {
  const place = await emptyPlace();
  for (const provider of ['stripe', 'flutterwave']) {
    const { code, output } = await simulate(place.folder, provider, '--pay');
    expect(output).toContain(`${provider} told /payments/${provider}/webhook and was answered 200`);
    expect(output).toMatch(/The payment has succeeded; the plan is team-\w+, \{"seats":10\}/);
    expect(code).toBe(0);
  }
  expect(await simulate(place.folder, 'paypal')).toMatchObject({ code: 1, output: expect.stringContaining('Usage:') });
  await place.clear();
});

test('what happens later to what is paid by the month is shown, step by step', async () => {
  const place = await emptyPlace();
  const { code, output } = await simulate(place.folder, 'stripe', '--walk');
  const steps = [
    /A plan by the month is bought\.[^]*The plan is team-\w+, \{"seats":5\}\. Payments: USD 19\.00 succeeded\./,
    /at three quarters of the price\.[^]*team-\w+, \{"seats":5\}\. Payments: USD 19\.00 \w+, USD 14\.25 succeeded\./,
    /takes two in the portal\.[^]*team-\w+, \{"seats":10\}[^]*USD 19\.00 succeeded\./,
    /the larger plan in the portal\.[^]*The plan is company-\w+, \{"seats":50\}[^]*USD 11\.00 succeeded\./,
    /is disputed\.[^]*The plan is null, [^]*USD 11\.00 disputed\./,
    /is won\.[^]*The plan is company-\w+, \{"seats":50\}[^]*USD 11\.00 succeeded\./,
  ];
  for (const [i, said] of output
    .split(/\n\n(?=  (?!stripe told))/)
    .slice(-6)
    .entries())
    expect(said).toMatch(steps[i]!);
  expect(code).toBe(0);

  for (const provider of ['flutterwave', 'lemonsqueezy']) {
    const other = await simulate(place.folder, provider, '--walk');
    expect(other.output).toMatch(/It is renewed\.[^]*Payments: USD 19\.00 succeeded, USD 19\.00 succeeded\./);
    expect(other.code).toBe(0);
  }
  await place.clear();
});
