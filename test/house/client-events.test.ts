import { eventually } from '../support/eventually';
import { House } from '../support/house';
import { addressOf, client, Shared, tokensOf } from '../support/tabs';
import type { Visitor } from '../support/visitor';

const MINUTE = 60_000;

describe('the events of a client', () => {
  let house: House;
  let baseUrl: string;

  beforeAll(async () => {
    house = await House.open();
    baseUrl = await addressOf(house);
  });
  afterAll(() => house.close());

  /** Somebody who listens, and comes again at once: a client waits for as long as the stream says. */
  async function listener(owner: Visitor, options: object = {}) {
    const storage = new Shared().tab();
    storage.set(tokensOf(owner));
    const leaving = new AbortController();
    const streams: Request[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      const answer = await globalThis.fetch(request);
      if (!answer.ok || !request.url.endsWith('/stream')) return answer;
      const transform = (piece: Uint8Array, out: TransformStreamDefaultController) => {
        const text = Buffer.from(piece).toString();
        if (text.includes('welcome')) streams.push(request);
        out.enqueue(Buffer.from(text.replace('retry: 3000', 'retry: 1')));
      };
      return new Response(answer.body!.pipeThrough(new TransformStream({ transform })), answer);
    };
    const api = client().createTenantry({ baseUrl, storage, fetch });
    const events: AsyncGenerator<any> = api.events({ signal: leaving.signal, ...options });
    const opened = (times: number) => eventually(async () => streams.length >= times);
    return { api, events, opened, streams, leave: () => leaving.abort() };
  }
  const newcomer = async (owner: Visitor): Promise<string> => (await house.member(owner)).user.name;
  const personIn = async (next: Promise<IteratorResult<any>>) => (await next).value.params.person;
  const cut = () => house.app.getHttpServer().closeAllConnections();

  test('are told as they happen, in the shape of the list, until one leaves', async () => {
    const owner = await house.owner();
    const { api, events, opened, streams, leave } = await listener(owner);
    const first = events.next();
    await opened(1);
    await newcomer(owner);
    const told = (await first).value;
    expect((await api.get('/notifications')).data).toEqual([told]);

    const next = events.next();
    leave();
    expect(await next).toEqual({ value: undefined, done: true });
    expect(streams[0]!.signal.aborted).toBe(true);
  });

  test('go on where the connection was lost, and miss none, though none had come before', async () => {
    const owner = await house.owner();
    const { events, opened, leave } = await listener(owner);
    for (const times of [1, 2, 3]) {
      const next = events.next();
      await opened(times);
      cut();
      const name = await newcomer(owner);
      expect(await personIn(next)).toBe(name);
    }
    leave();
  });

  test('begin after the one that was seen last', async () => {
    const owner = await house.owner();
    const names = [await newcomer(owner), await newcomer(owner), await newcomer(owner)];
    await house.settled();
    const { data } = (await owner.get('/notifications')).expect(200);
    const { events } = await listener(owner, { lastEventId: data[2].id });
    expect([await personIn(events.next()), await personIn(events.next())]).toEqual(names.slice(1));
    expect(await events.return(undefined)).toMatchObject({ done: true });
  });

  test('go on with a fresh access token when one has expired', async () => {
    const owner = await house.owner();
    const { events, opened, leave } = await listener(owner);
    const next = events.next();
    await opened(1);
    house.clock.advance(15 * MINUTE);
    await opened(2);
    (await owner.post('/auth/refresh', { refreshToken: owner.refreshToken })).expect(200); // the same pair, within thirty seconds
    owner.become((await owner.post('/auth/refresh', { refreshToken: owner.refreshToken })).expect(200));
    const name = await newcomer(owner);
    expect(await personIn(next)).toBe(name);
    leave();
  });

  test('end with the session, and say so', async () => {
    const owner = await house.owner();
    const { events, opened } = await listener(owner);
    const next = events.next();
    await opened(1);
    (await owner.post('/auth/logout')).expect(204);
    house.clock.advance(MINUTE);
    await expect(next).rejects.toMatchObject({ status: 401, code: 'refresh-invalid' });
  });

  /** A stream that an API could give; until it is aborted, where a signal is given. */
  const stream = (text: string, signal?: AbortSignal) =>
    new Response(
      new ReadableStream({
        start(out) {
          out.enqueue(Buffer.from(text));
          if (signal) signal.addEventListener('abort', () => out.error(signal.reason));
          else out.close();
        },
      }),
    );
  const problem = (status: number) => Response.json({ code: 'not-ready', detail: 'Later.' }, { status });
  const among = (...answers: ((request: Request) => Response)[]) => {
    const asked: (string | null)[] = [];
    const fetch = async (request: Request) => {
      asked.push(request.headers.get('Last-Event-ID'));
      return answers[asked.length - 1]!(request);
    };
    const events: AsyncGenerator<any> = client().createTenantry({ baseUrl, fetch }).events();
    return { events, asked };
  };
  const told = (n: number) => `retry: 1\nid: id-${n}\nevent: notification\ndata: {"n":${n}}\n\n`;

  test('outlive a busy API, a network that is away and words that they do not know', async () => {
    const { events, asked } = among(
      () => stream(`${told(1)}id: id-2\nevent: surprise\ndata: not JSON\n\nid: id-3\nevent: notification\ndata: {"n":`),
      () => problem(503),
      () => problem(429),
      () => new Response('Bad gateway', { status: 502 }),
      () => {
        throw new TypeError('fetch failed');
      },
      () => stream(told(4)),
    );
    expect([(await events.next()).value, (await events.next()).value]).toEqual([{ n: 1 }, { n: 4 }]);
    expect(asked).toEqual([null, ...Array(5).fill('id-2')]); // what was not told whole is told again
    await events.return(undefined);
  });

  test.each([401, 403, 404])('end with a %d, which coming again does not help with', async (status) => {
    const { events, asked } = among(() => problem(status));
    await expect(events.next()).rejects.toMatchObject({ status });
    expect(asked).toHaveLength(1);
  });

  test('say that a fetch without streams is not for them', async () => {
    const { events } = among(() => new Response(null));
    await expect(events.next()).rejects.toThrow('This fetch shows no stream: give another one.');
  });

  test('come again when nothing was said for 45 seconds, for which the API is never silent', async () => {
    const { setTimeout: real } = globalThis;
    let silence = () => {};
    globalThis.setTimeout = ((work: () => void, wait: number) => {
      if (wait === 45_000) silence = work;
      return wait === 45_000 ? undefined : real(work, wait);
    }) as typeof setTimeout;
    try {
      const { events } = among(
        ({ signal }) => stream(told(1), signal),
        () => stream(told(2)),
      );
      expect((await events.next()).value).toEqual({ n: 1 });
      const next = events.next();
      silence();
      expect((await next).value).toEqual({ n: 2 });
      await events.return(undefined);
    } finally {
      globalThis.setTimeout = real;
    }
  });
});

describe('a stream of server-sent events', () => {
  /** What is read of a text that comes in these pieces. */
  async function read(pieces: Uint8Array[]) {
    const source = { lastEventId: 'before', retry: 3000 };
    const body = new ReadableStream({
      start(out) {
        pieces.forEach((piece) => out.enqueue(piece));
        out.close();
      },
    });
    const messages: unknown[] = [];
    for await (const { event, data } of client('events').messagesIn(body, source, () => {}))
      messages.push([event, data]);
    return { messages, ...source };
  }

  const one = (data: string, event = 'message') => [[event, data]];
  const CASES: Record<string, [string, object]> = {
    'a line': ['data: a\n\n', { messages: one('a') }],
    'several lines': ['data: a\ndata:\ndata: b\n\n', { messages: one('a\n\nb') }],
    'CR LF': ['data: a\r\ndata: b\r\n\r\n', { messages: one('a\nb') }],
    CR: ['data: a\rdata: b\r\r', { messages: one('a\nb') }],
    'all ends of line': [
      'data: a\n\r\ndata: b\r\n\rdata: c\r\r',
      { messages: [...one('a'), ...one('b'), ...one('c')] },
    ],
    'LF after CR LF': ['data: a\r\n\ndata: b\n\n', { messages: [...one('a'), ...one('b')] }],
    'a byte order mark': ['\uFEFFdata: a\n\n', { messages: one('a') }],
    'one space, and no more, after the colon': ['data:a\ndata:  b\ndata:\tc\n\n', { messages: one('a\n b\n\tc') }],
    'no colon': ['data\n\n', { messages: one('') }],
    'no data': ['event: x\n\ndata: a\n\n', { messages: one('a') }],
    'a name, for one message': ['event: x\ndata: a\n\ndata: b\n\n', { messages: [...one('a', 'x'), ...one('b')] }],
    'the last of two names': ['event: x\nevent: y\ndata: a\n\n', { messages: one('a', 'y') }],
    'a comment': [':data: a\n: b\n\n', { messages: [] }],
    'fields of another case, or unknown': ['Data: a\n data: b\nfoo: c\ndata: d\n\n', { messages: one('d') }],
    'colons in data': ['data: a:b: c\n\n', { messages: one('a:b: c') }],
    'other ends of line, which are none': [
      'data: a\u2028b\u0085c\u000Bd\n\n',
      { messages: one('a\u2028b\u0085c\u000Bd') },
    ],
    'letters of several bytes': ['data: Łódź 🔑\n\n', { messages: one('Łódź 🔑') }],
    'an end within a message': ['data: a\n\nid: 1\ndata: b\n', { messages: one('a'), lastEventId: 'before' }],
    'an id': ['id: 1\ndata: a\n\n', { messages: one('a'), lastEventId: '1' }],
    'an id without data': ['id: 1\n: welcome\n\n', { messages: [], lastEventId: '1' }],
    'an id that stays': ['id: 1\n\ndata: a\n\n', { messages: one('a'), lastEventId: '1' }],
    'an id that is taken back': ['id: 1\n\nid\n\n', { messages: [], lastEventId: '' }],
    'an id with a zero byte': ['id: 1\0\n\n', { messages: [], lastEventId: 'before' }],
    'a time to wait': ['retry: 10\n\n', { messages: [], retry: 10 }],
    'no time to wait': ['retry: 1e3\nretry: -1\nretry:\nretry: 5 \n\n', { messages: [], retry: 3000 }],
  };

  test.each(Object.entries(CASES))(
    'is read to the letter of the standard, however it is cut: %s',
    async (_, [text, wanted]) => {
      const bytes = Buffer.from(text);
      const cuts = [[bytes], [...bytes].map((byte) => Buffer.of(byte))];
      for (let at = 1; at < bytes.length; at++) cuts.push([bytes.subarray(0, at), Buffer.alloc(0), bytes.subarray(at)]);
      for (const pieces of cuts) expect(await read(pieces)).toEqual({ lastEventId: 'before', retry: 3000, ...wanted });
    },
  );
});
