import { readMoment } from '../../src/kit/moment';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

let house: House;
let ada: Visitor;

beforeAll(async () => {
  house = await House.open();
  ada = await house.owner();
});
afterAll(() => house.close());

const NO_MOMENTS = [
  '2026-02-30T00:00:00Z',
  '2026-02-29T12:00:00+01:00',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T23:60:00Z',
  '2026-01-01T23:59:60Z',
  '2026-01-01T00:00:00+24:00',
  '2026-01-01T00:00:00+00:60',
  '2026-01-01T00:00:00',
  '2026-01-01',
  '2026-01-01 00:00:00Z',
  '2026-01-01T00:00:00.1234567890Z',
  '9999-12-31T23:59:59-08:00',
  '1970-01-01T00:00:00+00:01',
  '1969-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2026-01-01T00:00:00Z\n',
];
const MOMENTS: [string, string][] = [
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['2026-02-28T23:30:00-08:00', '2026-03-01T07:30:00.000Z'],
  ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ['1969-12-31T23:30:00-01:00', '1970-01-01T00:30:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999Z'],
];

describe('a moment', () => {
  test.each(NO_MOMENTS)('%j is none, wherever one is wanted', async (text) => {
    expect(readMoment(text)).toBeUndefined();
    const { id } = (
      await ada.post('/organizations/:org/pages', {
        slug: `m-${Math.random().toString(36).slice(2)}`,
        title: 'T',
        body: 'B',
      })
    ).expect(201);
    const answers = [
      [await ada.put(`/organizations/:org/pages/${id}`, { publishAt: text }), '#/publishAt'],
      [await ada.post(`/organizations/:org/pages/${id}/publication`, { publishAt: text }), '#/publishAt'],
      [
        await ada.put('/organizations/:org/members/:me', { extraRoles: [{ role: 'Member', expiresAt: text }] }),
        '#/extraRoles/0/expiresAt',
      ],
      [await ada.get(`/organizations/:org/activity-logs?from=${encodeURIComponent(text)}`), '#/from'],
      [await ada.get(`/organizations/:org/activity-logs?to=${encodeURIComponent(text)}`), '#/to'],
    ] as const;
    for (const [answer, pointer] of answers)
      expect(answer.problem(422, 'validation-failed').errors).toEqual([
        { pointer, detail: expect.stringContaining('must be a time') },
      ]);
  });

  test.each(MOMENTS)('%s comes back as %s', async (text, shown) => {
    const { id } = (
      await ada.post('/organizations/:org/pages', {
        slug: `m-${Math.random().toString(36).slice(2)}`,
        title: 'T',
        body: 'B',
      })
    ).expect(201);
    expect((await ada.put(`/organizations/:org/pages/${id}`, { publishAt: text })).expect(200).publishAt).toBe(shown);
    expect((await ada.get(`/organizations/:org/pages/${id}`)).expect(200).publishAt).toBe(shown);
    const member = await house.member(ada);
    const roles = [{ role: 'Admin', expiresAt: text }];
    const answer = await ada.put(`/organizations/:org/members/${member.user.id}`, { extraRoles: roles });
    if (answer.status === 200) expect(answer.body.extraRoles[0]?.expiresAt ?? shown).toBe(shown);
    else answer.problem(422, 'validation-failed');
    (await ada.get(`/organizations/:org/activity-logs?from=${encodeURIComponent(text)}`)).expect(200);
  });
});
