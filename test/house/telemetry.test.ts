import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Collector, type TracedSpan, valuesOf } from '../support/collector';
import { isEmbedded } from '../support/engines';
import { eventually } from '../support/eventually';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess } from '../support/process';
import { Issuer } from '../support/social/issuer';
import { PASSWORD } from '../support/visitor';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TRACED = { traceparent: `00-${TRACE}-${PARENT}-01` };
const [SERVER, CLIENT, CONSUMER] = [2, 3, 5]; // as OTLP has them
const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

let place: Place;
beforeEach(async () => {
  place = await emptyPlace();
});
afterEach(() => place.clear());

const sendTo = (app: AppProcess, path: string, body?: object, headers: object = TRACED) =>
  fetch(app.url + path, {
    method: body ? 'POST' : 'GET',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });

describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  const issuer = new Issuer('acme');
  const form = { email: 'ada@example.com', password: PASSWORD };
  let collector: Collector;
  let asked: string;
  let log: string;

  beforeAll(async () => {
    const there = await emptyPlace();
    collector = await Collector.open();
    const app = await AppProcess.start(there.folder, {
      ...there.settings,
      ...collector.settings(),
      OIDC_PROVIDERS: JSON.stringify([issuer.entry]),
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=try-out',
    });
    expect((await sendTo(app, '/auth/signup', form)).status).toBe(201);
    expect((await sendTo(app, '/auth/login', { ...form, password: 'wrong' })).status).toBe(401);
    const query = new URLSearchParams({ redirectUri: `${app.url}/signed-in` });
    expect((await sendTo(app, `/auth/social-login/acme?${query}`)).status).toBe(200);
    const mailbox = () => sendTo(app, `/dev/mailbox?to=${form.email}`, undefined, {});
    await eventually(async () => ((await (await mailbox()).json()) as { data: object[] }).data.length > 0);
    asked = (await sendTo(app, '/health/live', undefined, {})).headers.get('x-request-id')!;
    await app.end(); // which sends what is left
    log = app.output;
    await there.clear();
  });
  afterAll(() => collector.close());

  const named = (name: string): TracedSpan => collector.spans.find((span) => span.name === name)!;
  const of = ({ attributes }: TracedSpan) => valuesOf(attributes);

  test('a request is a span, a part of the trace that it names, under its route', () => {
    const span = named('POST /auth/signup');
    expect(span).toMatchObject({ kind: SERVER, traceId: TRACE, parentSpanId: PARENT });
    expect(of(span)).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/auth/signup',
      'http.response.status_code': 201,
      organization_id: expect.any(String),
    });
    expect(of(named('POST /auth/login'))).toMatchObject({ 'error.type': 'wrong-credentials' });
  });

  test('without a traceparent it begins a trace, whose name is in the log', () => {
    const span = named('GET /health/live');
    expect(span.parentSpanId ?? '').toBe('');
    expect(span.traceId).not.toBe(TRACE);
    const [line] = log.split('\n').filter((text) => text.includes(asked));
    expect(JSON.parse(line!)).toMatchObject({ requestId: asked, traceId: span.traceId });
  });

  test('what is asked of others is a span of it, and told to them as its parent', () => {
    const [span] = collector.spans.filter(({ name, kind }) => kind === CLIENT && name === 'GET 127.0.0.1');
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: named('GET /auth/social-login/:provider').spanId });
    expect(of(span!)).toMatchObject({ 'server.address': '127.0.0.1', 'http.response.status_code': 200 });
  });

  test('what the outbox delivers because of it is a span of it', () => {
    expect(named('deliver link.sent')).toMatchObject({
      kind: CONSUMER,
      traceId: TRACE,
      parentSpanId: named('deliver link.requested')?.spanId ?? named('POST /auth/signup').spanId,
    });
  });

  if (!isEmbedded)
    test('each statement of it is a span of it, and holds no value', () => {
      const statements = collector.spans.filter((span) => 'db.system.name' in of(span));
      const [server, ...others] = collector.spans.filter(({ kind }) => kind !== CLIENT).map(({ spanId }) => spanId);
      for (const { parentSpanId } of statements) expect([server, ...others]).toContain(parentSpanId);
      const inserts = statements.filter(({ name }) => name === 'INSERT').map(of);
      expect(inserts.map((one) => one['db.query.text'])).toContainEqual(expect.stringMatching(/^INSERT INTO .?users/));
      expect(JSON.stringify(statements)).not.toMatch(/ada@|argon2/);
    });

  test('every metric of the app is sent under its name, histograms with their buckets', () => {
    const { dataPoints } = collector.metrics.get('http_request_duration_seconds').histogram;
    const labels = { method: 'POST', route: '/auth/signup', status: '201' };
    const point = dataPoints.find(({ attributes }: TracedSpan) => valuesOf(attributes).route === labels.route);
    expect(Object.entries(valuesOf(point.attributes)).map(([key, value]) => [key, String(value)])).toEqual(
      Object.entries(labels),
    );
    expect(Number(point.count)).toBe(1);
    expect(point.bucketCounts).toHaveLength(point.explicitBounds.length + 1);
    expect(point.bucketCounts.map(Number).reduce((sum: number, n: number) => sum + n)).toBe(1);
    expect(collector.metrics.get('job_runs_total').sum).toMatchObject({ isMonotonic: true });
    for (const name of ['password_queue_waiting', 'notification_streams', 'process_resident_memory_bytes'])
      expect(collector.metrics.get(name).gauge.dataPoints).toHaveLength(1);
  });

  test('all of it says which service it is of, and what else the operator says', () => {
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'tenantry',
      'service.version': version,
      'deployment.environment.name': 'try-out',
    });
  });

  test('nobody is named in it, and nothing that was sent', () => {
    const told = JSON.stringify([collector.spans, [...collector.metrics.values()]]);
    for (const secret of [form.email, form.password, 'wrong"', 'redirectUri']) expect(told).not.toContain(secret);
  });
});

test('it is sent as protobuf unless it is said otherwise', async () => {
  const collector = await Collector.open();
  const { OTEL_EXPORTER_OTLP_ENDPOINT } = collector.settings();
  const app = await AppProcess.start(place.folder, {
    ...place.settings,
    OTEL_EXPORTER_OTLP_ENDPOINT: OTEL_EXPORTER_OTLP_ENDPOINT!,
  });
  await sendTo(app, '/health/live');
  expect(await app.end()).toBe(0);
  await collector.close();
  expect([...new Set(collector.deliveries)].sort()).toEqual([
    '/v1/metrics application/x-protobuf',
    '/v1/traces application/x-protobuf',
  ]);
});

test('a collector that refuses all changes nothing, and is told of in the log', async () => {
  const collector = await Collector.open(400);
  const settings = { ...collector.settings(), OTEL_BSP_SCHEDULE_DELAY: '50' };
  const app = await AppProcess.start(place.folder, { ...place.settings, ...settings });
  await eventually(async () => {
    expect((await sendTo(app, '/health/live')).status).toBe(200);
    return app.output.includes('OpenTelemetry is in trouble.');
  });
  expect(await app.end()).toBe(0);
  await collector.close();
});

test.each([
  ['nothing of it is loaded', {}, []],
  ['metrics alone load what their library needs of it', { METRICS_TOKEN: 'a token for the monitor' }, ['api']],
])('without that setting %s', async (_, settings, expected) => {
  const first = join(place.folder, 'first.cjs');
  writeFileSync(
    first,
    `process.on('exit', () => {
       const loaded = Object.keys(require('node:module')._cache).flatMap((file) => /@opentelemetry.([\\w-]+)/.exec(file)?.[1] ?? []);
       console.log('LOADED ' + JSON.stringify([...new Set(loaded)]));
     });`,
  );
  const app = await AppProcess.start(place.folder, {
    ...place.settings,
    ...settings,
    NODE_OPTIONS: `--require=${first}`,
  });
  expect((await sendTo(app, '/health/live')).status).toBe(200);
  await app.end();
  expect(JSON.parse(/^LOADED (.*)$/m.exec(app.output)![1]!)).toEqual(expected);
});
