import { availableParallelism } from 'node:os';
import { atOnce } from '../support/at-once';
import { House } from '../support/house';
import { PASSWORD } from '../support/visitor';

test('when more passwords come than can be hashed, the last ones are sent away for a second, and no one else is', async () => {
  const house = await House.open({ SIGNUP_POLICY: 'open' });
  const { email } = (await house.user()).user;
  const form = { email, password: PASSWORD }; // a taken address is found out after the hash
  const many = 64 + 8 * availableParallelism() + 40;
  const answers = await atOnce(many, () => house.visitor().post('/auth/signup', form));

  const busy = answers.filter(({ status }) => status === 503);
  expect(busy.length).toBeGreaterThan(0);
  for (const answer of busy) {
    answer.problem(503, 'busy');
    expect(answer.headers['retry-after']).toBe('1');
  }
  const rest = answers.filter((answer) => !busy.includes(answer));
  expect(rest.length).toBeGreaterThanOrEqual(64);
  for (const answer of rest) answer.problem(409, 'email-taken');
  await house.visitor().signIn(email); // the queue is free again
  await house.close();
});
