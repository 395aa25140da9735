// One data shape for every target, so that the same work is asked of each.
//   N users user1..userN@bench.test, one password; organizations 1..1+0.3N plus one private organization per inviter.
//   Organization 1 is the big one: users 1..1000 are its members.
//   Every user is also in two ordinary organizations; so users 1..1000 are in three.
export const PASSWORD = 'Password123!';
export const email = (n) => `user${n}@bench.test`;
const range = (a, b) => Array.from({ length: b - a + 1 }, (_, i) => a + i);
export const READERS = range(1, 16); // admins of organization 1
export const DENIED = range(21, 36); // plain members of organization 1
export const INVITERS = range(41, 200); // each owns one private organization (so each is in four)
export const SIGNERS = range(201, 220);
export const REFRESHERS = range(301, 316);
export const BIG_ORG_MEMBERS = 1000;
export const ordinaryOrgs = (users) => users * 0.3; // organizations 2 .. 1+0.3*users
/** SQL expressions (n = user number) of the two ordinary organizations of a user; never equal. */
export const orgA = (users) => `2 + (n % ${ordinaryOrgs(users)})`;
export const orgB = (users) => `2 + ((n * 7 + 3) % ${ordinaryOrgs(users)})`;
export const inviterOrg = (n) => 10_000_000 + n;
export const page = () => Math.floor(Math.random() * (BIG_ORG_MEMBERS / 20)); // 0..49, pages of 20
let seq = 0;
export const newEmail = () => `guest${Date.now().toString(36)}x${(seq++).toString(36)}@invite.test`;

export const GUESTS = 'guest%'; // LIKE, of all of these

/** Groups of virtual users, signed in with login(userNumber) -> state object. */
export async function signInAll(login, { inviters = true, refreshers = true } = {}) {
  const all = async (ns) => {
    const out = [];
    for (let i = 0; i < ns.length; i += 4) out.push(...(await Promise.all(ns.slice(i, i + 4).map(login))));
    return out;
  };
  const g = { signers: SIGNERS.map((n) => ({ n })), readers: await all(READERS), denied: await all(DENIED) };
  if (refreshers) g.refreshers = await all(REFRESHERS);
  if (inviters) {
    const v = await all(INVITERS); // 16 virtual users that take turns over ten inviters each
    g.inviters = range(0, 15).map((k) => ({ turns: v.filter((_, i) => i % 16 === k) }));
  }
  return g;
}
export const turn = (vu, i) => vu.turns[i % vu.turns.length];
