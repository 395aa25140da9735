import { MINUTE } from '../../src/kit/clock';
import { onInstallations, RACERS, ROUNDS, tally } from '../support/races';
import { PASSWORD } from '../support/visitor';

const ONE_WINNER = { '410 link-dead': RACERS - 1 };

onInstallations((installation) => {
  const sessionsOf = async (userId: string): Promise<number> =>
    Number((await installation.house.query('SELECT COUNT(*) AS n FROM sessions WHERE user_id = ?', [userId]))[0].n);

  test('a verification link proves a mailbox once', async () => {
    for (const _ of ROUNDS) {
      const ada = await installation.house.user({ verified: false });
      const token = await installation.house.tokenFor(ada.user.email, 'verify-email');
      const answers = await installation.race((visitor) =>
        visitor.post('/auth/verify-email', { token, newPassword: `${PASSWORD} of mine` }),
      );

      expect(tally(answers)).toEqual({ ...ONE_WINNER, '204': 1 });
    }
  });

  test('a reset link sets one password', async () => {
    const ada = await installation.house.user();
    for (const round of ROUNDS) {
      installation.house.clock.advance(15 * MINUTE); // so many links an address may ask for, and no more
      (await installation.house.visitor().post('/auth/reset-password', { email: ada.user.email })).expect(202);
      const token = await installation.house.tokenFor(ada.user.email, 'reset-password');
      const passwords = Array.from({ length: RACERS }, (_, i) => `${PASSWORD} ${round}.${i}`);
      const answers = await installation.race((visitor, i) =>
        visitor.post('/auth/reset-password/confirm', { token, password: passwords[i] }),
      );

      expect(tally(answers)).toEqual({ ...ONE_WINNER, '204': 1 });
      await installation.house
        .visitor()
        .signIn(ada.user.email, passwords[answers.findIndex((it) => it.status === 204)]);
    }
  });

  test('a sign-in link opens one session', async () => {
    const ada = await installation.house.user();
    for (const _ of ROUNDS) {
      installation.house.clock.advance(15 * MINUTE);
      (await installation.house.visitor().post('/auth/magic-link', { email: ada.user.email })).expect(202);
      const token = await installation.house.tokenFor(ada.user.email, 'magic-link');
      const before = await sessionsOf(ada.user.id);
      const answers = await installation.race((visitor) => visitor.post('/auth/magic-link/verify', { token }));

      expect(tally(answers)).toEqual({ ...ONE_WINNER, '200': 1 });
      expect(await sessionsOf(ada.user.id)).toBe(before + 1);
    }
  });

  test('a mailbox gets five links at most, however many ask at once', async () => {
    const ada = await installation.house.user();
    const linksTo = async () =>
      (await installation.house.mailsTo(ada.user.email)).filter(({ links }) => links[0]?.includes('/magic-link#'))
        .length;
    for (const _ of ROUNDS) {
      installation.house.clock.advance(15 * MINUTE);
      const before = await linksTo();
      const answers = await installation.race((visitor) => visitor.post('/auth/magic-link', { email: ada.user.email }));

      expect(tally(answers)).toEqual({ '202': RACERS });
      expect((await linksTo()) - before).toBe(5);
    }
  });
});
