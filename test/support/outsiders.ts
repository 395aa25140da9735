import type { House } from './house';
import type { Method, Visitor } from './visitor';

/** Asks for what is behind a path of the organization, and sees that none of the three gets it. */
export type Refuses = (method: Method, path: string, body?: object) => Promise<void>;

/** The three whom a route of the organization of `owner` keeps out: nobody, a stranger with rights elsewhere, a member without any. */
export async function outsidersOf(house: House, owner: Visitor): Promise<Refuses> {
  (await owner.post('/organizations/:org/roles', { name: 'Bystander', permissions: [] })).expect(201);
  const [nobody, stranger, bystander] = [house.visitor(), await house.owner(), await house.member(owner, 'Bystander')];

  return async (method, path, body) => {
    const url = path.replace(':org', owner.organizationId);
    (await nobody.call(method, url, { body })).problem(401, 'unauthenticated');
    (await stranger.call(method, url, { body })).problem(404, 'not-found');
    (await bystander.call(method, url, { body })).problem(403, 'forbidden');
  };
}
