import type { House } from '../support/house';
import { named, operations } from '../support/operations';
import { openPatient, TryOut } from '../support/try-out';
import type { Visitor } from '../support/visitor';

let house: House;
let tryOut: TryOut;
let ada: Visitor;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
  ada = await house.owner();
});
afterAll(() => house.close());

const bodiless = operations.filter(
  ({ body, isSigned, method, id }) => !body && !isSigned && method !== 'GET' && id !== 'unsubscribeByOneClick',
);

test.each(named(bodiless))('%s takes no body, and says so of each field', async (_, operation) => {
  const attempt = await tryOut.of(operation);
  const { errors } = (await attempt.send({ text: '{"publishAt":"2030-01-01T00:00:00Z","a/b":1}' })).problem(
    422,
    'validation-failed',
  );
  expect(errors).toEqual([
    { pointer: '#/publishAt', detail: 'should not exist' },
    { pointer: '#/a~1b', detail: 'should not exist' },
  ]);
  for (const text of ['[]', '"x"', '0', 'false']) (await attempt.send({ text })).problem(422, 'validation-failed');
  expect((await attempt.send({ text: '{}' })).status).toBeLessThan(300);
});

describe.each(['posts', 'pages'])('the publication of %s', (kind) => {
  const write = async () =>
    (
      await ada.post(`/organizations/:org/${kind}`, {
        slug: `about-${Math.random().toString(36).slice(2)}`,
        title: 'T',
        body: 'B',
      })
    ).expect(201).id;
  const publish = (id: string, body?: object) => ada.post(`/organizations/:org/${kind}/${id}/publication`, body);

  test('takes a time, and schedules', async () => {
    const id = await write();
    const later = '2030-05-05T10:00:00.000Z';
    expect((await publish(id, { publishAt: later })).expect(200)).toMatchObject({
      status: 'scheduled',
      publishAt: later,
    });
    expect((await publish(id)).expect(200).status).toBe('published');
    const back = '2020-05-05T10:00:00.000Z';
    expect((await publish(id, { publishAt: back })).expect(200)).toMatchObject({
      status: 'published',
      publishAt: back,
    });
    expect((await publish(id)).expect(200).publishAt).toBe(back);
  });

  test('takes nothing else', async () => {
    const id = await write();
    for (const body of [
      { publishAt: null },
      { publishAt: '2030-02-30T00:00:00Z' },
      { at: '2030-01-01T00:00:00Z' },
      [],
      { publishAt: 5 },
    ])
      (await publish(id, body)).problem(422, 'validation-failed');
    expect((await ada.get(`/organizations/:org/${kind}/${id}`)).expect(200).status).toBe('draft');
  });
});
