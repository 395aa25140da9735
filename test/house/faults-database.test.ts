import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR } from '../../src/kit/clock';
import { Crowd, halvesIn, missingIn, unmailed } from '../support/crowd';
import { Databases } from '../support/databases';
import { testOnOwnServer } from '../support/engines';
import { House } from '../support/house';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { AppProcess } from '../support/process';
import { type Server, startServer } from '../support/server';
import { PLENTY } from '../support/start';

const HOW = ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const;

let server: Server;
let smtp: Smtp;
let app: AppProcess;
let crowd: Crowd;
let house: House;

afterAll(async () => {
  await crowd?.stop();
  await app?.end('SIGKILL');
  await house?.close();
  await smtp?.stop();
  await server?.stop();
});

testOnOwnServer(
  'while the database restarts requests answer 503, and afterwards all goes on and all that was acknowledged is there',
  async (program) => {
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-fault-'));
    server = await startServer(program, folder, { durable: true });
    const databases = new Databases(server.url, 1);
    await databases.create();
    smtp = await Smtp.open();
    const settings = {
      NODE_ENV: 'test',
      DATABASE_URL: databases.urls[0]!,
      DATA_DIR: join(folder, 'app'),
      SMTP_URL: smtp.url,
      INVITE_TTL: '1d',
      RATE_LIMIT: PLENTY,
    };
    app = await AppProcess.start(folder, settings);
    crowd = new Crowd(app.url, smtp);
    crowd.start();
    crowd.open();

    for (const signal of HOW) {
      await crowd.until(5, 'joined');
      server.down(signal);
      await crowd.until(10, '503 unavailable');
      expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
      expect((await fetch(`${app.url}/health/ready`)).status).toBe(503);
      await server.up();
    }
    await crowd.until(5, 'joined'); // nobody restarted the app
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
    await crowd.stop();
    expect(await app.end()).toBe(0);

    house = await House.open(settings);
    house.clock.advance(HOUR);
    await drain([house.app]);
    expect(await missingIn(house, crowd)).toEqual([]);
    expect(await halvesIn(house)).toEqual({});
    expect(unmailed(crowd, smtp)).toEqual([]);
    expect(Object.keys(crowd.answers).filter((kind) => kind.startsWith('5') && kind !== '503 unavailable')).toEqual([]);
    expect(crowd.lost).toBe(0);
  },
);
