import type { Answer } from '../support/answer';
import { atOnce } from '../support/at-once';
import { isCluster } from '../support/engines';
import { freshAddress } from '../support/fresh';
import { few, type Installation, onInstallations, tally } from '../support/races';
import { PASSWORD, type Visitor } from '../support/visitor';

const NEW = 'eleven kites above the northern pier';
const ROUNDS = few(isCluster ? 1 : 3);
const LOGINS = 16;
const REFRESHES = 4;

type Ending = (installation: Installation, ada: Visitor, staff: Visitor) => Promise<() => Promise<Answer>>;

/** What ends every session of a person who is asked for, or all but the one that asks. What must come before the race comes before it. */
const ENDINGS: Record<string, Ending> = {
  'a reset': async ({ house }, ada) => {
    (await house.visitor().post('/auth/reset-password', { email: ada.user.email })).expect(202);
    const token = await house.tokenFor(ada.user.email, 'reset-password');
    return () => house.visitor().post('/auth/reset-password/confirm', { token, password: NEW });
  },
  'a change of the password': async (_, ada) => () =>
    ada.post('/auth/change-password', { currentPassword: PASSWORD, newPassword: NEW }),
  'a suspension': async (_, ada, staff) => () => staff.put(`/users/${ada.user.id}`, { status: 'suspended' }),
  'a deletion': async (_, ada) => () => ada.delete('/users/me'),
};

onInstallations((installation) => {
  let staff: Visitor;
  let turn = 0;
  /** The same at the other instance, where there is one. */
  const elsewhere = (person?: Visitor): Visitor => {
    const { user, organizationId, accessToken, userAgent } = person ?? ({} as Visitor);
    const there = installation.visitorAt(turn++);
    return person ? Object.assign(there, { user, organizationId, accessToken, userAgent }) : there;
  };

  beforeAll(async () => {
    staff = await installation.house.user();
    await installation.house.promote(staff);
  });

  /** Signs in and refreshes, many times at once, while `end` runs; tells how it ended, and what was opened. */
  async function openWhile(ada: Visitor, end: () => Promise<Answer>) {
    const { email } = ada.user;
    const spare = await Promise.all(ROUNDS.map(() => elsewhere().signIn(email)));
    const [ended, logins, refreshes] = await Promise.all([
      end(),
      atOnce(LOGINS, () => elsewhere().post('/auth/login', { email, password: PASSWORD })),
      atOnce(REFRESHES, (i) =>
        elsewhere().post('/auth/refresh', { refreshToken: spare[i % spare.length]!.refreshToken }),
      ),
    ]);
    const answers = [...logins, ...refreshes];
    return { ended, answers, opened: answers.filter(({ status }) => status === 200) };
  }

  const lives = async ({ body }: Answer) =>
    (await elsewhere({ ...body, userAgent: 'any' } as Visitor).get('/auth/me')).status === 200;
  const living = async (opened: Answer[]) => {
    const alive = await Promise.all(opened.map(lives));
    return opened.filter((_, i) => alive[i]);
  };

  test.each(Object.keys(ENDINGS))(
    '%s ends what the old password is about to open, in whatever order they come',
    async (how) => {
      for (const _ of ROUNDS) {
        const ada = await installation.house.user();
        const { ended, answers, opened } = await openWhile(ada, await ENDINGS[how]!(installation, ada, staff));

        ended.expect(how === 'a suspension' ? 200 : 204);
        expect(Object.keys(tally(answers)).filter((kind) => !/^(200|401|403)/.test(kind))).toEqual([]);
        expect(await living(opened)).toEqual([]);
        for (const { body } of opened)
          (await elsewhere().post('/auth/refresh', { refreshToken: body.refreshToken })).problem(
            401,
            'refresh-invalid',
          );
      }
    },
  );

  test('signing out everywhere ends what was opened before, and what is being opened on the strength of before', async () => {
    for (const _ of ROUNDS) {
      const ada = await installation.house.user();
      const before = await Promise.all(ROUNDS.map(() => elsewhere().signIn(ada.user.email)));
      const { ended, opened } = await openWhile(ada, () => ada.delete('/auth/sessions'));

      ended.expect(204);
      for (const session of before) (await session.get('/auth/me')).problem(401, 'unauthenticated');
      (await ada.get('/auth/me')).expect(200);
      const alive = (await living(opened)).length;
      const [{ newer }] = await installation.house.query(
        'SELECT COUNT(*) AS newer FROM sessions s JOIN users u ON u.id = s.user_id AND u.auth_epoch = s.auth_epoch WHERE u.id = ?',
        [ada.user.id],
      );
      expect(Number(newer)).toBe(alive + 1);
    }
  });

  test('a password is not changed by a session that a reset has ended', async () => {
    for (const _ of ROUNDS) {
      const ada = await installation.house.user();
      const thief = elsewhere(await elsewhere().signIn(ada.user.email));
      const reset = await ENDINGS['a reset']!(installation, ada, staff);
      const [done, changed] = await Promise.all([
        reset(),
        thief.post('/auth/change-password', { currentPassword: PASSWORD, newPassword: `${NEW} of a thief` }),
      ]);

      expect([204, 401, 403]).toContain(changed.status);
      if (done.status === 410) continue; // the change was first, and a link dies with the password of its time
      done.expect(204);
      await elsewhere().signIn(ada.user.email, NEW); // whoever was first, what the owner chose is what counts
      (await thief.get('/auth/me')).problem(401, 'unauthenticated');
    }
  });

  test('of two devices that sign each other out at once one stays', async () => {
    for (const _ of ROUNDS) {
      const ada = await installation.house.user();
      const devices = [ada, await elsewhere().signIn(ada.user.email)];
      const answers = await Promise.all(devices.map((device) => elsewhere(device).delete('/auth/sessions')));

      expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
      const alive = await Promise.all(devices.map(async (device) => (await device.get('/auth/me')).status));
      expect(alive.sort()).toEqual([200, 401]);
    }
  });
});

onInstallations(
  (installation) => {
    test('a sign-up for an address whose mailbox is proved at that moment changes nothing of the account', async () => {
      for (const round of ROUNDS) {
        const email = freshAddress(`proved-${round}`);
        const ada = installation.visitorAt(0);
        (await ada.post('/auth/signup', { email, password: PASSWORD })).expect(202);
        const token = await installation.house.tokenFor(email, 'verify-email');
        const [proof] = await Promise.all([
          ada.post('/auth/verify-email', { token }),
          atOnce(6, (i) => installation.visitorAt(i).post('/auth/signup', { email, password: NEW })),
        ]);
        await installation.house.settled();

        expect(['200', '410 link-dead']).toContain(Object.keys(tally([proof]))[0]);
        if (proof.status !== 200) continue; // a sign-up was first: its link is the one that lives
        await installation.visitorAt(1).signIn(email);
        (await installation.visitorAt(0).post('/auth/login', { email, password: NEW })).problem(
          401,
          'wrong-credentials',
        );
      }
    });
  },
  { SIGNUP_POLICY: 'verified' },
);
