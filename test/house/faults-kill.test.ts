import { setTimeout as pause } from 'node:timers/promises';
import { HOUR } from '../../src/kit/clock';
import { Crowd, halvesIn, missingIn, unmailed } from '../support/crowd';
import { House } from '../support/house';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess, freePort } from '../support/process';
import { PLENTY } from '../support/start';

const KILLS = 25; // on each engine: fifty in a run

let place: Place;
let smtp: Smtp;
let crowd: Crowd;
let app: AppProcess | undefined;
let house: House | undefined;

beforeAll(async () => {
  place = await emptyPlace();
  smtp = await Smtp.open();
});
afterAll(async () => {
  await crowd?.stop();
  await app?.end('SIGKILL');
  await house?.close();
  await smtp?.stop();
  await place?.clear();
});

test('killed again and again at work, the app has kept all it acknowledged, sends every mail, and has left nothing half done', async () => {
  const port = String(await freePort());
  const settings = {
    ...place.settings,
    NODE_ENV: 'test',
    DATA_DIR: place.folder,
    SMTP_URL: smtp.url,
    INVITE_TTL: '1d',
    RATE_LIMIT: PLENTY,
    LOG_LEVEL: 'error',
    PORT: port,
  };
  crowd = new Crowd(`http://127.0.0.1:${port}`, smtp);
  crowd.start();

  for (let kills = 1; kills <= KILLS; kills++) {
    app = await AppProcess.start(place.folder, settings); // nobody mends anything between two lives
    crowd.open();
    await (kills % 3 ? crowd.until(1 + (kills % 8), '2xx') : crowd.until(1, 'joined'));
    await pause(kills % 20); // an answer marks a moment when little is under way: move on from there
    crowd.close();
    expect(await app.end('SIGKILL')).toBeNull();
    expect(app.output).not.toMatch(/"level":(50|60)/);
  }

  app = await AppProcess.start(place.folder, settings);
  crowd.open();
  await crowd.until(5, 'joined');
  await crowd.stop();
  for (const { accessToken } of crowd.founders.slice(0, 20)) {
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await fetch(`${app.url}/auth/me`, { headers })).status).toBe(200);
  }
  expect(await app.end()).toBe(0);

  house = await House.open(settings);
  house.clock.advance(HOUR); // what a killed app was about to send is leased for minutes
  await drain([house.app]);
  expect(await missingIn(house, crowd)).toEqual([]);
  expect(await halvesIn(house)).toEqual({});
  expect(unmailed(crowd, smtp)).toEqual([]);
  expect(Object.keys(crowd.answers).filter((kind) => kind.startsWith('5'))).toEqual([]);
  expect(crowd.lost).toBeGreaterThan(KILLS); // it was killed under load
}); // a minute on two idle cores
