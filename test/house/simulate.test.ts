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
