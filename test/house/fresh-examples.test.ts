import { freshExamples } from '../../src/http/docs/fresh-examples';
import { House } from '../support/house';
import { exampleBody, type Operation, operations, urlOf } from '../support/operations';
import type { Visitor } from '../support/visitor';

let house: House;
let ada: Visitor;

beforeAll(async () => {
  house = await House.open({ SIGNUP_POLICY: 'open' });
  ada = await house.owner();
  await house.promote(ada);
});
afterAll(() => house.close());

/** A visit to the documentation, as Swagger UI goes about it: the plugin reads the contract at its load, and each call before it is sent. */
function visit() {
  const { updateSpec, execute } = freshExamples().statePlugins.spec.wrapActions;
  const shown = new Map<string, string>();
  updateSpec((text: string) => {
    for (const [id, body] of Object.entries(JSON.parse(text))) shown.set(id, JSON.stringify(body));
  })(JSON.stringify(Object.fromEntries(makers.map((operation) => [operation.id, exampleBody(operation)]))));

  return async (operation: Operation) => {
    const { id, path, method, document } = operation;
    const system = {
      specSelectors: {
        specJson: () => ({ hasIn: ([, , , , status]: string[]) => String(status) in document.responses }),
      },
      oas3Selectors: { requestBodyValue: () => shown.get(id) },
      oas3Actions: { setRequestBodyValue: ({ value }: { value: string }) => void shown.set(id, value) },
    };
    let answer: ReturnType<Visitor['call']>;
    execute(() => {
      const url = urlOf(operation, { orgId: ada.organizationId });
      answer = ada.call(operation.method, url, { body: JSON.parse(shown.get(id)!) });
    }, system)({ path, method });
    return answer!;
  };
}

/** Whatever makes something of a body that is the caller's own. */
const makers = operations.filter(
  ({ method, document, body, id }) =>
    method === 'POST' &&
    body &&
    '201' in document.responses &&
    !/^(payWith|(refundPayment|resolveAttention)$|linkSocial)/.test(id),
);

test('every example that makes something can be tried again, in one visit and in the next', async () => {
  expect(makers.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['signUp', 'createUser', 'createInvite', 'createPage']),
  );
  for (let visits = 0; visits < 2; visits++) {
    const send = visit();
    for (const operation of [...makers, ...makers, ...makers.toReversed()]) {
      const { status, text } = await send(operation);
      expect({ id: operation.id, status, text }).toMatchObject({ status: 201 });
    }
  }
});

test('the mark is seen, and another when the first is used', async () => {
  const send = visit();
  const find = (id: string) => operations.find((operation) => operation.id === id)!;
  const { user } = (await send(find('signUp'))).expect(201);
  expect(user.email).toMatch(/^ada-try[0-9a-f]{6}@example\.com$/);
  expect((await send(find('signUp'))).expect(201).user.email).not.toBe(user.email);
});
