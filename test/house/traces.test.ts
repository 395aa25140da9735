import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { readTraceparent } from '../../src/kit/trace';
import type { Answer } from '../support/answer';
import { House } from '../support/house';
import { guestAddress } from '../support/invitations';
import { drain } from '../support/mails';
import { Smtp } from '../support/mail-server';
import { BACK, Market } from '../support/market';
import { REDIRECT_URI, standing } from '../support/social/sign-in';
import { PASSWORD } from '../support/visitor';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const GIVEN = `00-${TRACE}-b7ad6b7169203331-01`;

type Line = Record<string, unknown>;
const linesOf = (house: House): Line[] => house.log.map((line) => JSON.parse(line));
const of = (house: House, { headers }: Answer): Line[] =>
  linesOf(house).filter(({ requestId }) => requestId === headers['x-request-id']);

describe('a traceparent that comes', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const ask = (traceparent?: string, path = '/auth/me') =>
    house.visitor().get(path, traceparent === undefined ? {} : { traceparent });

  test('names the trace of every line of its request', async () => {
    const answer = await ask(GIVEN);
    const lines = of(house, answer);
    expect(lines.map(({ event, status }) => event ?? status)).toEqual(['authentication-failed', 401]);
    for (const line of lines) expect(line.traceId).toBe(TRACE);
    expect(answer.headers['x-request-id']).toBe(answer.body.instance);
  });

  test.each([
    `00-${TRACE}-b7ad6b7169203331-00`,
    `00-${TRACE}-b7ad6b7169203331-ff`,
    `01-${TRACE}-b7ad6b7169203331-01`,
    `cc-${TRACE}-b7ad6b7169203331-01-what-comes-later`,
  ])('is read as %s, too', async (traceparent) => {
    expect(of(house, await ask(traceparent)).map(({ traceId }) => traceId)).toEqual([TRACE, TRACE]);
  });

  test.each([
    undefined,
    '',
    'x',
    TRACE,
    `00-${TRACE}-b7ad6b7169203331`,
    `00-${TRACE}-b7ad6b7169203331-01-more`,
    `00-${TRACE}-b7ad6b7169203331-01-`,
    `ff-${TRACE}-b7ad6b7169203331-01`,
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}0-b7ad6b7169203331-01`,
    `00-${TRACE}-b7ad6b7169203331-0g`,
    `${GIVEN}, ${GIVEN}`,
    `cc-${TRACE}-b7ad6b7169203331-01x`,
    `cc-${TRACE}-b7ad6b7169203331-01-${'x'.repeat(9000)}`,
  ])('is ignored as %s: a new trace begins, which the id of the request names', async (traceparent) => {
    const answer = await ask(traceparent);
    answer.problem(401, 'unauthenticated');
    const traceId = answer.body.instance.replaceAll('-', '');
    expect(readTraceparent(`00-${traceId}-b7ad6b7169203331-00`)).toBeDefined();
    for (const line of of(house, answer)) expect(line.traceId).toBe(traceId);
    expect(house.log.join('')).not.toContain('x'.repeat(100));
  });

  test('is on the line of what finds no route, and of what is not even read', async () => {
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['PATCH', '/auth/me'],
      ['GET', '/users/%zz'],
    ] as const) {
      const headers = { traceparent: GIVEN };
      const answer = await house.visitor().call(method, path, { headers, contract: false });
      expect(of(house, answer).map(({ traceId }) => traceId)).toEqual([TRACE]);
    }
  });
});

test('whoever else is asked is told of it: providers of sign-ins and of payments', async () => {
  const market = await Market.open({ OIDC_PROVIDERS: JSON.stringify([standing.entry]) });
  const seen: string[] = [];
  const see = (message: unknown) => {
    const { headers, url } = (message as { request: IncomingMessage }).request;
    seen.push(
      `${url?.startsWith('/.well-known') ? 'sign-in' : 'payment'} ${readTraceparent(headers.traceparent)?.traceId}`,
    );
  };
  const owner = await market.house.owner();
  const plan = await market.plan();
  const headers = { traceparent: GIVEN };
  subscribe('http.server.request.start', see);
  for (const provider of ['stripe', 'flutterwave', 'lemonsqueezy'])
    (await owner.post(`/payments/${provider}`, { planId: plan.id, ...BACK }, headers)).expect(201);
  const query = new URLSearchParams({ redirectUri: REDIRECT_URI });
  (await market.house.visitor().get(`/auth/social-login/standing?${query}`, headers)).expect(200);
  unsubscribe('http.server.request.start', see);
  await market.close();

  expect(seen.length).toBeGreaterThanOrEqual(4);
  expect([...new Set(seen)].sort()).toEqual([`payment ${TRACE}`, `sign-in ${TRACE}`]);
});

test('what a request leads to later, in the outbox, is part of its trace; what others wait for is not', async () => {
  const smtp = await Smtp.open();
  smtp.reply = () => 450;
  const house = await House.open({ SMTP_URL: smtp.url });
  const form = () => ({ email: guestAddress(), password: PASSWORD });
  const answers = [
    await house.visitor().post('/auth/signup', form(), { traceparent: GIVEN }),
    await house.visitor().post('/auth/signup', form()),
  ];
  await drain([house.app]);
  const told = linesOf(house).filter(({ topic }) => topic === 'link.sent');
  await house.close();
  await smtp.stop();

  const [first, second] = answers.map(({ headers }) => headers['x-request-id']);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ requestId: first, traceId: TRACE }),
      expect.objectContaining({ requestId: second, traceId: String(second).replaceAll('-', '') }),
    ]),
  );
});
