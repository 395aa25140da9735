import { few, onInstallations, tally } from '../support/races';
import { Issuer } from '../support/social/issuer';
import { mailCodeFor, proofOf, someone } from '../support/social/sign-in';

const issuers = [new Issuer('acme'), new Issuer('other')] as const;
const [acme, other] = issuers;

onInstallations(
  (installation) => {
    test('of two ways in, both taken away at once, one stays', async () => {
      for (const _ of few(4)) {
        const ada = installation.house.visitor();
        ada.become((await ada.post('/auth/social-login/acme', await proofOf(ada, acme, someone()))).expect(200));
        const mailCode = await mailCodeFor(installation.house, ada);
        const second = { provider: 'other', ...(await proofOf(ada, other, someone())), mailCode };
        (await ada.post('/auth/social-accounts', second)).expect(201);
        const { data } = (await ada.get('/auth/social-accounts')).expect(200);
        const answers = await atEachInstance(ada, data);

        const { '204': gone, '409 last-way-in': kept = 0, '404 not-found': again = 0, ...rest } = tally(answers);
        expect([gone, kept > 0, kept + again, rest]).toEqual([1, true, answers.length - 1, {}]);
        expect((await ada.get('/auth/social-accounts')).expect(200).data).toHaveLength(1);
      }
    });

    /** Either is taken away at every instance. */
    const atEachInstance = (ada: Parameters<typeof mailCodeFor>[1], ways: { id: string }[]) =>
      installation.raceAs([ada], (tab, i) => tab.delete(`/auth/social-accounts/${ways[i % 2]!.id}`), 6);
  },
  { OIDC_PROVIDERS: JSON.stringify(issuers.map(({ entry }) => entry)) },
);
