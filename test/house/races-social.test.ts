import { Issuer } from '../support/social/issuer';
import { mailCodeFor, proofOf, signInBy, someone } from '../support/social/sign-in';
import { PASSWORD } from '../support/visitor';
import { onInstallations, RACERS, ROUNDS, tally } from '../support/races';

const issuers = [new Issuer('acme'), new Issuer('other')] as const;
const [acme] = issuers;
const FEW = ROUNDS.slice(0, 4);

onInstallations(
  (installation) => {
    const login = '/auth/social-login/acme';
    const proofs = (person: ReturnType<typeof someone>, count = RACERS) =>
      Promise.all(Array.from({ length: count }, () => proofOf(installation.house.visitor(), acme, person)));

    test('an identity that signs in for the first time in twenty places has one account', async () => {
      for (const _ of FEW) {
        const ada = someone();
        const given = await proofs(ada);
        const answers = await installation.race((visitor, i) => visitor.post(login, given[i]));

        expect(tally(answers)).toEqual({ '200': RACERS });
        expect(new Set(answers.map(({ body }) => body.user.id)).size).toBe(1);
        const places = 'SELECT u.id FROM users u LEFT JOIN user_org m ON m.user_id = u.id WHERE u.email = ?';
        expect(await installation.house.query(places, [ada.email])).toHaveLength(1);
      }
    });

    test('an account is linked once by its address', async () => {
      const ada = await installation.house.user();
      const given = await proofs(someone({ email: ada.user.email }));
      const answers = await installation.race((visitor, i) => visitor.post(login, given[i]));

      expect(tally(answers)).toEqual({ '200': RACERS });
      expect((await ada.get('/auth/social-accounts')).expect(200).data).toHaveLength(1);
    });

    test('of twenty identities with one address that come at once, one enters', async () => {
      const proofsAt = (email: string) =>
        Promise.all(
          Array.from({ length: RACERS }, () => proofOf(installation.house.visitor(), acme, someone({ email }))),
        );
      for (const { email, linked } of [
        { email: (await installation.house.user()).user.email, linked: false },
        { email: someone().email, linked: false }, // nobody has it yet
        { email: (await installation.house.user()).user.email, linked: true },
      ]) {
        if (linked) await signInBy(installation.house.visitor(), acme, someone({ email }));
        const given = await proofsAt(email);
        const answers = await installation.race((visitor, i) => visitor.post(login, given[i]));

        const refused = linked ? RACERS : RACERS - 1;
        expect(tally(answers)).toEqual({ ...(!linked && { '200': 1 }), '409 identity-replaced': refused });
        const rows = 'SELECT s.id FROM social_accounts s JOIN users u ON u.id = s.user_id WHERE u.email = ?';
        expect(await installation.house.query(rows, [email])).toHaveLength(1);
      }
    });

    test('an identity that is linked by the old password while a new one is set does not outlive it', async () => {
      for (const _ of FEW) {
        const ada = await installation.house.user();
        const { email } = ada.user;
        (await ada.post('/auth/reset-password', { email })).expect(202);
        const token = await installation.house.tokenFor(email, 'reset-password');
        const given = await Promise.all(
          Array.from({ length: 9 }, () => proofOf(installation.house.visitor(), acme, someone())),
        );
        const calls = [
          ...given.map((proof) => ['/auth/social-accounts', { provider: 'acme', ...proof, currentPassword: PASSWORD }]),
          ['/auth/reset-password/confirm', { token, password: `${PASSWORD}!` }],
        ] as [string, object][];
        const answers = await installation.raceAs([ada], (tab, i) => tab.post(...calls[i]!), calls.length);

        expect(answers.at(-1)!.status).toBe(204);
        const rows = 'SELECT id FROM social_accounts WHERE user_id = ?';
        expect(await installation.house.query(rows, [ada.user.id])).toEqual([]);
      }
    });

    test('a mailed code confirms once', async () => {
      for (const _ of FEW) {
        const ada = await installation.house.user();
        const mailCode = await mailCodeFor(installation.house, ada);
        const given = await Promise.all(
          Array.from({ length: 10 }, () => proofOf(installation.house.visitor(), acme, someone())),
        );
        const answers = await installation.raceAs(
          [ada],
          (tab, i) => tab.post('/auth/social-accounts', { provider: 'acme', ...given[i], mailCode }),
          given.length,
        );
        expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      }
    });

    test('what a provider sent back signs in once', async () => {
      for (const _ of FEW) {
        const [proof] = await proofs(someone(), 1);
        const answers = await installation.race((visitor) => visitor.post(login, proof));

        expect(tally(answers)).toEqual({ '200': 1, '401 login-stale': RACERS - 1 });
      }
    });
  },
  { OIDC_PROVIDERS: JSON.stringify(issuers.map(({ entry }) => entry)) },
);
