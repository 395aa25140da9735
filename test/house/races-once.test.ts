import { randomUUID } from 'node:crypto';
import { freshAddress } from '../support/fresh';
import { few, onInstallations, RACERS, ROUNDS, tally } from '../support/races';

onInstallations((installation) => {
  test('an Idempotency-Key has one outcome', async () => {
    const ada = await installation.house.owner();
    for (const _ of ROUNDS) {
      const email = freshAddress();
      const key = { 'Idempotency-Key': randomUUID() };
      const invite = () => ada.post('/organizations/:org/invites', { email, role: 'Member' }, key);
      const answers = await installation.raceAs([ada], (tab) =>
        tab.post('/organizations/:org/invites', { email, role: 'Member' }, key),
      );

      const { '201': made = 0, ...rest } = tally(answers);
      expect(made).toBeGreaterThan(0);
      expect(rest).toEqual(made < RACERS ? { '409 request-in-flight': RACERS - made } : {});
      const done = answers.filter(({ status }) => status === 201);
      expect(done.filter(({ headers }) => headers['idempotency-replayed'] !== 'true')).toHaveLength(1);
      expect(new Set([...done, await invite()].map(({ text }) => text)).size).toBe(1);
      expect(await installation.house.mailsTo(email)).toHaveLength(1);
    }
  });

  test('a person keeps a hundred documents, however many are written at once', async () => {
    const ada = await installation.house.user();
    const write = (key: string) => ada.put(`/users/me/data/${key}`, { value: key });
    for (let i = 1; i <= 90; i++) (await write(`kept-${i}`)).expect(200);
    for (const _ of ROUNDS) {
      const answers = await installation.raceAs([ada], (tab, i) => tab.put(`/users/me/data/new-${i}`, { value: i }));

      expect(tally(answers)).toEqual({ '200': 10, '409 too-many-documents': RACERS - 10 });
      const { data } = (await ada.get('/users/me/data')).expect(200);
      expect(data).toHaveLength(100);
      for (const { key } of data.slice(90)) (await ada.delete(`/users/me/data/${key}`)).expect(204);
    }
  });

  test('settings that are said for the first time in several places at once are all said', async () => {
    const changes = [
      { locale: 'fr' },
      { timezone: 'Europe/Paris' },
      { loginAlerts: 'off' },
      { notifications: { 'member.removed': {} } },
    ];
    for (const _ of few(4)) {
      const ada = await installation.house.user();
      const answers = await installation.raceAs([ada], (tab, i) => tab.put('/users/me/settings', changes[i]), 4);

      expect(tally(answers)).toEqual({ '200': 4 });
      expect((await ada.get('/users/me/settings')).expect(200)).toEqual(Object.assign({}, ...changes));
    }
  });

  test('of names that read alike one is given, however many ask at once', async () => {
    const names = ['Recruiter', 'recruiter', 'RECRUITER', 'Rесruiter', 'Recru1ter'];
    for (const _ of ROUNDS) {
      const ada = await installation.house.owner();
      const answers = await installation.raceAs([ada], (tab, i) =>
        tab.post('/organizations/:org/roles', { name: names[i % names.length], permissions: [] }),
      );
      expect(tally(answers)).toEqual({ '201': 1, '409 role-name-taken': RACERS - 1 });

      const made = (await ada.post('/organizations/:org/roles', { name: 'Other', permissions: [] })).expect(201);
      const renamed = await installation.raceAs([ada], (tab, i) =>
        i % 2
          ? tab.put(`/organizations/:org/roles/${made.id}`, { name: 'Scout' })
          : tab.post('/organizations/:org/roles', { name: 'sc0ut', permissions: [] }),
      );
      const roles = (await ada.get('/organizations/:org/roles')).expect(200).data;
      expect(renamed.some(({ status }) => status < 300)).toBe(true);
      expect(roles.filter(({ name }: { name: string }) => /^sc.ut$/i.test(name))).toHaveLength(1);
    }
  });

  test('a document that many write at once is one of theirs', async () => {
    const ada = await installation.house.user();
    for (const round of ROUNDS) {
      const path = `/users/me/data/shared-${round}`;
      const answers = await installation.raceAs([ada], (tab, i) => tab.put(path, { value: { by: i } }));

      expect(tally(answers)).toEqual({ '200': RACERS });
      const { value, version } = await readDocument(path);
      expect(Array.from({ length: RACERS }, (_, i) => i)).toContain(value.by);
      expect(version).toBe(`"${RACERS}"`);
    }

    async function readDocument(path: string) {
      const answer = await ada.get(path);
      return { ...answer.expect(200), version: answer.headers.etag };
    }
  });
});
