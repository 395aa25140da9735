import { House } from '../support/house';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { emptyPlace, type Place } from '../support/place';

/** This machine by an address that is not known to be its own, as if it were another. */
const ELSEWHERE = '0.0.0.0';
let place: Place;
let house: House | undefined;
let smtp: Smtp;
const heard: string[] = [];

beforeEach(async () => {
  heard.length = 0;
  place = await emptyPlace();
});
afterEach(async () => {
  await house?.close();
  house = undefined;
  await smtp.stop();
  await place.clear();
});

/** A server that takes any password, and a house that sends through it. */
async function open({ tls, query = '', host = ELSEWHERE }: { tls: boolean; query?: string; host?: string }) {
  smtp = await Smtp.open({
    allowInsecureAuth: true,
    disabledCommands: tls ? [] : ['STARTTLS'],
    onAuth: ({ password }, { secure }, done) => {
      heard.push(`${password}, ${secure ? 'under TLS' : 'in the clear'}`);
      done(null, { user: 'mailer' });
    },
  });
  const SMTP_URL = `${smtp.url.replace('//127.0.0.1', `//mailer:lanterns@${host}`)}${query}`;
  house = await House.open({ ...place.settings, DATA_DIR: place.folder, SMTP_URL });
  await house.source.runMigrations();
  const ada = await house.user({ verified: false });
  await drain([house.app]);
  return ada;
}

test.each([
  '',
  '/?requireTLS=false',
  '/?ignoreTLS=true',
  '/?opportunisticTLS=true',
  '/?ignoreTLS=true&requireTLS=false',
])('a password is sent to no server that offers no TLS, whatever the URL asks for: %p', async (query) => {
  await open({ tls: false, query });
  expect(heard).toEqual([]);
  expect(smtp.offered).toEqual([]);
  expect(await house!.query('SELECT id FROM outbox_messages WHERE attempts > 0')).toHaveLength(1); // it waits
});

test('nor to one that nobody vouches for', async () => {
  await open({ tls: true });
  expect(heard).toEqual([]);
  expect(smtp.offered).toEqual([]);
});

test('it is sent under TLS', async () => {
  const ada = await open({ tls: true, query: '/?tls.rejectUnauthorized=false' }); // its certificate is the library's own
  expect(heard).toEqual(['lanterns, under TLS']);
  expect(smtp.takenFor(ada.user.email)).toHaveLength(1);
});

test('on this machine it may be sent in the clear', async () => {
  const ada = await open({ tls: false, host: '127.0.0.1' });
  expect(heard).toEqual(['lanterns, in the clear']);
  expect(smtp.takenFor(ada.user.email)).toHaveLength(1);
});
