import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../test/support/process';
import { FlutterwaveStandIn } from '../../test/support/providers/flutterwave.stand-in';
import { LemonSqueezyStandIn } from '../../test/support/providers/lemonsqueezy.stand-in';
import { StripeStandIn } from '../../test/support/providers/stripe.stand-in';

export const STAND_INS = { stripe: StripeStandIn, flutterwave: FlutterwaveStandIn, lemonsqueezy: LemonSqueezyStandIn };
export type Provider = keyof typeof STAND_INS;
export type StandIns = { [P in Provider]: InstanceType<(typeof STAND_INS)[P]> };
export type Body = Record<string, any>;

const { SIMULATOR_PORT = '4010' } = process.env;
export const SELLER = { email: 'seller@example.com', password: 'a market by the harbour' };

export const until = async <T>(look: () => Promise<T | undefined>, patience: number): Promise<T> => {
  for (let looks = 0; looks < patience; looks++) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    await pause(300);
  }
  throw new Error('It took too long.');
};

/** The app, as a program sees it that is signed in as platform staff, who also buys: an account that is used again the next time. */
export class App {
  private token?: string;

  private constructor(readonly url: string) {}

  /** Starts it beside a stand-in, with that one's settings; it ends with this process. */
  static async open(provider: Provider, alone: boolean): Promise<{ app: App; standIn: StandIns[Provider] }> {
    const standIn = await STAND_INS[provider].open(alone ? 0 : Number(SIMULATOR_PORT));
    const PORT = alone ? String(await freePort()) : (process.env.PORT ?? '3000');
    const app = new App(`http://127.0.0.1:${PORT}`);
    standIn.tell = {
      post: async (path, body, headers) => {
        const { status } = await fetch(app.url + path, { method: 'POST', body, headers });
        console.log(`  ${provider} told ${path} and was answered ${status}.`);
      },
    };
    start({ PORT, ...(alone && emptyFolder()), ...standIn.settings });
    await until(() => fetch(`${app.url}/health/ready`).then(({ ok }) => ok), 100);
    await app.signIn();
    return { app, standIn };
  }

  async call(method: string, path: string, body?: object): Promise<Body> {
    const headers = {
      'content-type': 'application/json',
      ...(this.token && { authorization: `Bearer ${this.token}` }),
    };
    const answer = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  private async signIn(): Promise<void> {
    const known = await this.call('POST', '/auth/login', SELLER).catch(() => undefined);
    const newcomer = { ...SELLER, name: 'Seller', organizationName: 'Simulated Acme' };
    this.token = (known ?? (await this.call('POST', '/auth/signup', newcomer))).accessToken;
    if (known) return;
    const mail = await until(async () => (await this.call('GET', `/dev/mailbox?to=${SELLER.email}`)).data[0], 50);
    await this.call('POST', '/auth/verify-email', { token: mail.links[0].split('token=')[1] });
  }
}

function emptyFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-simulated-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return { DATA_DIR: folder };
}

function start(settings: Record<string, string>): void {
  const ours = { PLATFORM_ADMINS: SELLER.email, SIGNUP_POLICY: 'open', LOG_LEVEL: 'warn' };
  const main = join(__dirname, '../../dist/src/main.js');
  const app = spawn(process.execPath, [main], { env: { ...process.env, ...ours, ...settings }, stdio: 'inherit' });
  process.once('exit', () => app.kill());
  app.once('exit', (code) => {
    console.error(`The app ended (${code}).`);
    process.exit(1);
  });
}
