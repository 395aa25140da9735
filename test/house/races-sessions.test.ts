import { clock } from '../../src/kit/clock';
import { onInstallations, RACERS, ROUNDS, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

const TABS = 200;

onInstallations((installation) => {
  test('each of many callers at once is answered as who they are', async () => {
    const people: Visitor[] = [];
    for (let i = 0; i < 4; i++) people.push(await installation.house.user());
    for (const _ of ROUNDS) {
      const answers = await installation.raceAs(people, (person) => person.get('/auth/me'));

      expect(answers.map(({ body }) => body.user.id)).toEqual(answers.map((_answer, i) => people[i % 4]!.user.id));
    }
  });

  test('a refresh token has one successor, whoever asks and however many at once', async () => {
    const ada = await installation.house.user();
    const now = clock.now();
    clock.now = () => now; // a slow machine must not turn a retry into a theft
    for (const round of ROUNDS) {
      const { refreshToken } = ada;
      const answers = await installation.race((tab) => tab.post('/auth/refresh', { refreshToken }), TABS);

      expect(tally(answers)).toEqual({ '200': TABS });
      const successors = new Set(answers.map(({ body }) => body.refreshToken));
      expect(successors.size).toBe(1);
      expect(successors).not.toContain(refreshToken);
      ada.become(answers[round]!.body);
      (await ada.get('/auth/me')).expect(200);
    }
  });

  test('a token older than that ends the session once, and its owner is told once', async () => {
    for (const _ of ROUNDS) {
      const ada = await installation.house.user();
      const { refreshToken: stolen } = ada;
      ada.become((await ada.post('/auth/refresh', { refreshToken: stolen })).expect(200));
      ada.become((await ada.post('/auth/refresh', { refreshToken: ada.refreshToken })).expect(200));
      clock.now = (
        (then) => () =>
          new Date(then + 31_000)
      )(clock.now().getTime());
      const answers = await installation.race((thief) => thief.post('/auth/refresh', { refreshToken: stolen }));

      expect(tally(answers)).toEqual({ '401 refresh-invalid': RACERS });
      (await ada.get('/auth/me')).problem(401, 'unauthenticated');
      const mails = await installation.house.mailsTo(ada.user.email);
      expect(mails.filter(({ subject }) => subject === 'We ended a session of yours')).toHaveLength(1);
    }
  });
});
