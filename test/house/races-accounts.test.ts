import { MINUTE } from '../../src/kit/clock';
import { freshAddress } from '../support/fresh';
import { type Installation, onInstallations, RACERS, ROUNDS, tally } from '../support/races';
import { PASSWORD } from '../support/visitor';

/** Whoever has this address, and the organizations they are in. */
const accounts = (installation: Installation, email: string) =>
  installation.house.query(
    'SELECT u.id, u.name, m.organization_id FROM users u LEFT JOIN user_org m ON m.user_id = u.id WHERE u.email = ?',
    [email],
  );

onInstallations((installation) => {
  test('an address has one account, whichever case it is written in', async () => {
    for (const _ of ROUNDS) {
      const email = freshAddress();
      const answers = await installation.race((visitor, i) =>
        visitor.post('/auth/signup', {
          email: i % 2 ? email : email.toUpperCase(),
          password: PASSWORD,
          name: `Ada ${i}`,
        }),
      );

      expect(tally(answers)).toEqual({ '201': 1, '409 email-taken': RACERS - 1 });
      const winner = answers.findIndex(({ status }) => status === 201);
      const { user, organization } = answers[winner]!.body;
      expect(await accounts(installation, email)).toEqual([
        { id: user.id, name: `Ada ${winner}`, organization_id: organization.id },
      ]);
    }
  });

  test('a person has thirty guesses at a password, however many are made at once', async () => {
    for (const _ of ROUNDS.slice(0, 5)) {
      const email = freshAddress();
      const answers = await installation.race(
        (guesser) => guesser.post('/auth/login', { email, password: 'a guess' }),
        40,
      );

      expect(tally(answers)).toEqual({ '401 wrong-credentials': 30, '429 too-many-requests': 10 });
    }
  });

  test('a session has ten guesses at the current password', async () => {
    const ada = await installation.house.user();
    const guess = { currentPassword: 'a guess at it', newPassword: `${PASSWORD}!` };
    for (const _ of ROUNDS) {
      const answers = await installation.raceAs([ada], (tab) => tab.post('/auth/change-password', guess));

      expect(tally(answers)).toEqual({ '403 wrong-password': 10, '429 too-many-requests': RACERS - 10 });
      installation.house.clock.advance(15 * MINUTE);
    }
  });
});

onInstallations(
  (installation) => {
    test('where a mailbox is proved first, an address has one account, and its newest link works', async () => {
      for (const _ of ROUNDS.slice(0, 5)) {
        const email = freshAddress();
        const answers = await installation.race((visitor, i) =>
          visitor.post('/auth/signup', { email, password: PASSWORD, name: `Ada ${i}` }),
        );
        await installation.house.mailsTo(email);
        installation.house.clock.advance(MINUTE); // whoever met another tries again
        const token = await installation.house.tokenFor(email, 'verify-email');

        expect(tally(answers)).toEqual({ '202': RACERS });
        expect(await accounts(installation, email)).toHaveLength(1);
        (await installation.house.visitor().post('/auth/verify-email', { token, password: PASSWORD })).expect(200);
      }
    });
  },
  { SIGNUP_POLICY: 'verified' },
);
