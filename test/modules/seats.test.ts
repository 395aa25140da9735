import { invite } from '../support/invitations';
import { onInstallations } from '../support/races';
import type { Visitor } from '../support/visitor';

/** As a payment leaves it; see payments.test.ts. */
const SEATS = 'UPDATE organizations SET plan = ?, limits = ? WHERE id = ?';

onInstallations((installation) => {
  const withSeats = async (seats: number | null): Promise<Visitor> => {
    const owner = await installation.house.owner();
    const limits = seats === null ? null : JSON.stringify({ seats });
    await installation.house.query(SEATS, ['team', limits, owner.organizationId]);
    return owner;
  };
  const countMembers = async (owner: Visitor): Promise<number> =>
    (await owner.get('/organizations/:org/members?limit=100')).expect(200).data.length;

  test('a seat that gets free, or a larger plan, lets the next one in with the same link', async () => {
    const owner = await withSeats(2);
    const first = await installation.house.member(owner);
    const { token } = await invite(installation.house, owner);
    const join = () =>
      installation.house
        .visitor()
        .post('/invites/accept', { token, name: 'Late', password: 'a long way to the harbour' });

    (await join()).problem(409, 'seats-taken');
    (await owner.delete(`/organizations/:org/members/${first.user.id}`)).expect(204);
    (await join()).expect(200);
    expect(await countMembers(owner)).toBe(2);
  });

  test('without a plan there is no limit', async () => {
    const owner = await withSeats(null);
    await installation.house.member(owner);
    expect(await countMembers(owner)).toBe(2);
  });
});
