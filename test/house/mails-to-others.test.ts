import type { Mail } from '../../src/mail/mailer';
import { Mailbox } from '../../src/mail/mailbox';
import type { House } from '../support/house';
import { codesOf, type Operation, operations } from '../support/operations';
import { type Attempt, openPatient, TryOut } from '../support/try-out';

/*
 * Every operation of the contract is tried, and what it has mailed to anybody but its caller is looked at: a new route that makes the
 * server write to others must say so, and must not do so for who has not proved a mailbox.
 */

/** What tells people of what was done to them, or to what they look after, in words that are not the caller's. */
const NEWS = ['createUser', 'removeMember', 'cancelSubscription'];

const wantsProof = (operation: Operation): boolean => codesOf(operation, '403').includes('email-unverified');
const signedIn = operations.filter(({ permission }) => permission !== 'public');

let house: House;
let tryOut: TryOut;
let sent: Mail[] = [];

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
  const mailbox = house.app.get(Mailbox, { strict: false });
  const send = mailbox.send.bind(mailbox);
  jest.spyOn(mailbox, 'send').mockImplementation((mail) => {
    sent.push(mail);
    return send(mail);
  });
});
afterAll(() => house.close());

/** Whom else the call has written to, and what was answered. */
async function outcome(attempt: Attempt) {
  await house.settled();
  sent = [];
  const { status, body } = await attempt.send();
  await house.settled();
  const others = [...new Set(sent.map(({ to }) => to))].filter((to) => to !== attempt.caller.user?.email);
  return { status, code: body?.code as string | undefined, others };
}

test('what has somebody else written to is said in the contract, by 403 email-unverified', async () => {
  const writing: string[] = [];
  for (const operation of signedIn) {
    const { others } = await outcome(await tryOut.of(operation));
    if (others.length > 0) writing.push(operation.id);
  }
  const unsaid = writing.filter((id) => !signedIn.some((operation) => operation.id === id && wantsProof(operation)));
  expect(unsaid.filter((id) => !NEWS.includes(id))).toEqual([]);
  expect(writing).toEqual(expect.arrayContaining(['createInvite', 'resendInvite', 'inviteFromWaitlist', 'sendEmail']));
});

test('whoever has not proved a mailbox has nobody else written to, by any route', async () => {
  for (const operation of signedIn) {
    const attempt = await tryOut.of(operation);
    await house.settled();
    const prove = (at: string) =>
      house.query(`UPDATE users SET email_verified_at = ${at} WHERE id = ?`, [attempt.caller.user?.id ?? '']);
    await prove('NULL');
    const { code, others } = await outcome(attempt);
    await prove('created_at');
    expect([operation.id, others]).toEqual([operation.id, []]);
    if (wantsProof(operation)) expect([operation.id, code]).toEqual([operation.id, 'email-unverified']);
  }
});
