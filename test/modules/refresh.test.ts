import { randomBytes } from 'node:crypto';
import { SECOND } from '../../src/kit/clock';
import { House } from '../support/house';
import { seen } from '../support/fresh';
import { stopTheClock } from '../support/still';
import type { Visitor } from '../support/visitor';

const DAY = 24 * 3600_000;
const SUBJECT = 'We ended a session of yours';

describe('refreshing a session', () => {
  let house: House;

  beforeAll(async () => {
    stopTheClock(); // thirty seconds are thirty seconds, however long the machine takes for them
    house = await House.open();
  });
  afterAll(() => house.close());

  const refresh = (refreshToken: string, visitor = house.visitor()) => visitor.post('/auth/refresh', { refreshToken });

  /** The three newest refresh tokens of a session, oldest first; the last one is live. */
  async function generations(ada: Visitor): Promise<[string, string, string]> {
    const parent = (await refresh(ada.refreshToken, ada)).expect(200).refreshToken;
    return [ada.refreshToken, parent, (await refresh(parent, ada)).expect(200).refreshToken];
  }

  /** That the session is over for whoever holds it, and that its owner knows. */
  async function expectRevoked(ada: Visitor, thief: Visitor, tokens: string[]) {
    for (const token of tokens) (await refresh(token)).problem(401, 'refresh-invalid');
    (await ada.get('/auth/me')).problem(401, 'unauthenticated');

    const alerts = (await house.mailsTo(ada.user.email)).filter(({ subject }) => subject === SUBJECT);
    expect(alerts).toHaveLength(1); // however often the thief tries
    expect(alerts[0]!.text).toContain(thief.userAgent);
    const laptop = await house.deviceOf(ada);
    const { data } = (await laptop.get('/users/me/activity-logs?action=session.reuse-detected')).expect(200);
    expect(data).toMatchObject([{ targetType: 'session', userAgent: thief.userAgent, ip: thief.ip }]);
  }

  test('each refresh gives new tokens of the same session', async () => {
    const ada = await house.user();
    const { sessionId } = (await ada.get('/auth/me')).expect(200);
    const next = (await refresh(ada.refreshToken)).expect(200);

    expect(next).toMatchObject({ user: { id: ada.user.id }, tokenType: 'Bearer', expiresIn: 900 });
    expect(next.refreshToken).not.toBe(ada.refreshToken);
    expect(next.accessToken).not.toBe(ada.accessToken);
    expect((await ada.become(next).get('/auth/me')).expect(200).sessionId).toBe(sessionId);
    (await refresh(next.refreshToken)).expect(200);
  });

  test('the parent again within thirty seconds gets the same successor, as often as it comes', async () => {
    const ada = await house.user();
    const first = (await refresh(ada.refreshToken)).expect(200);
    house.clock.advance(29_000);
    for (const tab of [ada, house.visitor()]) {
      const again = (await refresh(ada.refreshToken, tab)).expect(200);
      expect(again.refreshToken).toBe(first.refreshToken);
      (await Object.assign(tab, { accessToken: again.accessToken }).get('/auth/me')).expect(200);
    }
    (await refresh(first.refreshToken)).expect(200);
    expect((await house.mailsTo(ada.user.email)).map(({ subject }) => subject)).not.toContain(SUBJECT);
  });

  const expectNoAlarm = async (ada: Visitor) =>
    expect((await house.mailsTo(ada.user.email)).map(({ subject }) => subject)).not.toContain(SUBJECT);

  test('of three tabs that refresh within thirty seconds none ends the session, however late its turn comes', async () => {
    const ada = await house.user();
    const [oldest, middle, newest] = await generations(ada);
    for (const token of [oldest, middle, oldest]) expect((await refresh(token)).expect(200).refreshToken).toBe(newest);
    (await refresh(newest)).expect(200);
    await expectNoAlarm(ada);
  });

  test.each([
    ['the others follow it closely', [0, 20, 25], 1, 35],
    ['the others came before it and after', [0, 20, 31], 1, 33],
    ['many follow it', [0, 20, 31, 33, 36, 39, 42, 45, 48, 51, 62], 3, 62],
    ['it is the last', [0, 5, 10], 2, 40],
  ])('for thirty seconds after it was traded in a token is nobody’s theft: %s', async (_how, trades, nth, again) => {
    const ada = await house.user();
    const tokens = [ada.refreshToken];
    let now = 0;
    const waitUntil = (second: number) => {
      house.clock.advance((second - now) * SECOND);
      now = second;
    };
    for (const second of trades) {
      waitUntil(second);
      tokens.push((await refresh(tokens.at(-1)!, ada)).expect(200).refreshToken);
    }
    waitUntil(again);
    expect((await refresh(tokens[nth]!)).expect(200).refreshToken).toBe(tokens.at(-1));
    (await refresh(tokens.at(-1)!)).expect(200);
    await expectNoAlarm(ada);

    waitUntil(again + 31);
    (await refresh(tokens[nth]!)).problem(401, 'refresh-invalid');
  });

  test.each([31_000, 20 * 60_000, 3600_000 - 1000])(
    'a client whose answer was lost comes again after %d ms, and goes on',
    async (wait) => {
      const ada = await house.user();
      (await refresh(ada.refreshToken, ada)).expect(200); // lost
      house.clock.advance(wait);
      const second = (await refresh(ada.refreshToken, ada)).expect(200); // lost again
      house.clock.advance(31_000);
      const third = (await refresh(ada.refreshToken, ada)).expect(200);
      expect(third.refreshToken).not.toBe(second.refreshToken);

      ada.become((await refresh(third.refreshToken, ada)).expect(200));
      (await ada.get('/auth/me')).expect(200);
      await expectNoAlarm(ada);
    },
  );

  test('after an hour the old token is no lost answer any more', async () => {
    const [ada, thief] = [await house.user(), Object.assign(house.visitor(), { ip: '198.51.100.66' })];
    const successor = (await refresh(ada.refreshToken, ada)).expect(200);
    house.clock.advance(3601_000);
    (await refresh(ada.refreshToken, thief)).problem(401, 'refresh-invalid');

    await expectRevoked(ada, thief, [ada.refreshToken, successor.refreshToken]);
  });

  test('a thief who plays the lost answer is found out by the owner, who loses the session, and so does the thief', async () => {
    const [ada, thief] = [await house.user(), Object.assign(house.visitor(), { ip: '198.51.100.66' })];
    const successor = (await refresh(ada.refreshToken, ada)).expect(200);
    house.clock.advance(31_000);
    const stolen = (await refresh(ada.refreshToken, thief)).expect(200);
    (await refresh(successor.refreshToken, ada)).problem(401, 'refresh-invalid');

    (await refresh(stolen.refreshToken, thief)).problem(401, 'refresh-invalid');
    (await Object.assign(thief, { accessToken: stolen.accessToken }).get('/auth/me')).problem(401, 'unauthenticated');
    expect((await house.mailsTo(ada.user.email)).filter(({ subject }) => subject === SUBJECT)).toHaveLength(1);
  });

  test.each([0, 1])(
    'no thief rides along: a copy of generation %d ends the session once its successor was used',
    async (copy) => {
      const ada = await house.user();
      const tokens = [ada.refreshToken];
      for (let i = 0; i < 3; i++) {
        tokens.push((await refresh(tokens.at(-1)!, ada)).expect(200).refreshToken);
        house.clock.advance(31_000); // so that none is one of a tab that comes late
      }
      const thief = house.visitor();
      (await refresh(tokens[copy]!, thief)).problem(401, 'refresh-invalid');

      await expectRevoked(ada, thief, tokens);
    },
  );

  test('a grandparent of long ago ends the session, though its grandchild is seconds old', async () => {
    const [ada, thief] = [await house.user(), house.visitor()];
    const grandparent = ada.refreshToken;
    const parent = (await refresh(grandparent, ada)).expect(200).refreshToken;
    house.clock.advance(15 * 60_000);
    const live = (await refresh(parent, ada)).expect(200).refreshToken;
    (await refresh(grandparent, thief)).problem(401, 'refresh-invalid');

    await expectRevoked(ada, thief, [grandparent, parent, live]);
  });

  test('reuse in one session leaves the others alone', async () => {
    const ada = await house.user();
    const phone = await house.deviceOf(ada);
    const [grandparent] = await generations(ada);
    house.clock.advance(31_000);
    (await refresh(grandparent)).problem(401, 'refresh-invalid');

    (await phone.get('/auth/me')).expect(200);
    (await refresh(phone.refreshToken)).expect(200);
  });

  test('a session that nobody refreshes for thirty days is over', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    house.clock.advance(30 * DAY - 60_000);
    ada.become((await refresh(ada.refreshToken)).expect(200));
    house.clock.advance(60_000);

    (await refresh(grace.refreshToken)).problem(401, 'refresh-invalid');
    (await ada.get('/auth/me')).expect(200);
    expect((await house.mailsTo(grace.user.email)).map(({ subject }) => subject)).not.toContain(SUBJECT);
  });

  test('every session is over after ninety days, however often it is refreshed', async () => {
    const ada = await house.user();
    for (const days of [29, 29, 29]) {
      house.clock.advance(days * DAY);
      ada.become((await refresh(ada.refreshToken)).expect(200));
    }
    house.clock.advance(3 * DAY - 60_000);
    ada.become((await refresh(ada.refreshToken)).expect(200));
    (await ada.get('/auth/me')).expect(200);
    house.clock.advance(60_000);

    (await ada.get('/auth/me')).problem(401, 'unauthenticated'); // though the access token itself had fourteen minutes left
    (await refresh(ada.refreshToken)).problem(401, 'refresh-invalid');
  });

  test('forged, altered and foreign tokens are all answered alike, and end nothing', async () => {
    const [ada, mallory] = [await house.user(), await house.user()];
    const [id, counter, ring, mac] = ada.refreshToken.split('.') as [string, string, string, string];
    const random = randomBytes(32).toString('base64url');
    const [theirId, , , theirMac] = mallory.refreshToken.split('.') as [string, string, string, string];
    const tokens = [
      `${id}.${counter}.${ring}.${random}`,
      `${id}.1.${ring}.${mac}`,
      `${id}.0${counter}.${ring}.${mac}`,
      `${id}.${counter}.${ring}.${mac}.${mac}`,
      `${id}.${counter}.${ring}.${mac.slice(0, -1)}`,
      `${id}.${counter}.other.${mac}`,
      `${id}.${counter}.${ring}.`,
      `${theirId}.${counter}.${ring}.${mac}`,
      `${id}.${counter}.${ring}.${theirMac}`,
      `${id.toUpperCase()}.${counter}.${ring}.${mac}`,
      `${ada.refreshToken} `,
      ada.accessToken!,
      random,
      'x',
    ];
    const refused = await refresh(random);
    refused.problem(401, 'refresh-invalid');
    for (const token of tokens) expect({ token, ...seen(await refresh(token)) }).toEqual({ token, ...seen(refused) });

    (await refresh(ada.refreshToken)).expect(200);
    (await refresh(mallory.refreshToken)).expect(200);
  });

  test.each([[{}], [{ refreshToken: '' }], [{ refreshToken: 0 }], [{ refreshToken: null }], [{ refreshToken: ['x'] }]])(
    '%j is no request',
    async (body) => {
      (await house.visitor().post('/auth/refresh', body)).problem(422, 'validation-failed');
    },
  );

  test('who was signed out, suspended or deleted gets nothing', async () => {
    const [ada, grace, joan] = [await house.user(), await house.user(), await house.user()];
    (await ada.post('/auth/logout')).expect(204);
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [grace.user.id]);
    (await joan.delete('/users/me')).expect(204);

    for (const { refreshToken } of [ada, grace, joan]) (await refresh(refreshToken)).problem(401, 'refresh-invalid');
  });
});
