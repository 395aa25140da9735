import { Issuer } from '../support/social/issuer';
import { proofOf, someone } from '../support/social/sign-in';
import { onInstallations, RACERS, ROUNDS, tally } from '../support/races';

const issuers = [new Issuer('acme'), new Issuer('other')] as const;
const [acme, other] = issuers;
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

    test('what a provider sent back signs in once', async () => {
      for (const _ of FEW) {
        const [proof] = await proofs(someone(), 1);
        const answers = await installation.race((visitor) => visitor.post(login, proof));

        expect(tally(answers)).toEqual({ '200': 1, '401 login-stale': RACERS - 1 });
      }
    });

    test('of two ways in, both taken away at once, one stays', async () => {
      for (const _ of FEW) {
        const ada = installation.house.visitor();
        const [proof] = await proofs(someone(), 1);
        ada.become((await ada.post(login, proof)).expect(200));
        const second = { provider: 'other', ...(await proofOf(ada, other, someone())) };
        (await ada.post('/auth/social-accounts', second)).expect(201);
        const { data } = (await ada.get('/auth/social-accounts')).expect(200);
        const answers = await installation.raceAs(
          [ada],
          (tab, i) => tab.delete(`/auth/social-accounts/${data[i].id}`),
          2,
        );

        expect(tally(answers)).toEqual({ '204': 1, '409 last-way-in': 1 });
        expect((await ada.get('/auth/social-accounts')).expect(200).data).toHaveLength(1);
      }
    });
  },
  { OIDC_PROVIDERS: JSON.stringify(issuers.map(({ entry }) => entry)) },
);
