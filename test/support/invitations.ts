import type { Answer } from './answer';
import type { House } from './house';
import type { Visitor } from './visitor';

let guests = 0;

/** An address that nobody else in this file's database has. */
export const guestAddress = (): string => `guest-${process.pid}-${Date.now()}-${++guests}@example.com`;

/** An open invite: to whom, and the token that was mailed. */
export type Invitation = { id: string; email: string; token: string };

/** Invites someone, by default an address without an account. */
export async function invite(
  house: House,
  owner: Visitor,
  email = guestAddress(),
  role = 'Member',
): Promise<Invitation> {
  const { id } = (await owner.post('/organizations/:org/invites', { email, role })).expect(201);
  return { id, email, token: await house.tokenFor(email, 'invite') };
}

/** What the link offers, asked by someone who is not signed in. */
export const preview = (house: House, token: string): Promise<Answer> =>
  house.visitor().post('/invites/preview', { token });
