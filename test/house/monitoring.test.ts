import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Caller } from '../../src/access/caller';
import { fromNow, HOUR } from '../../src/kit/clock';
import { Database } from '../../src/database/database';
import { newId } from '../../src/kit/id';
import { tallies } from '../../src/jobs/job';
import { OutboxWorker } from '../../src/outbox/outbox.worker';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { ClockJob } from '../../src/modules/system/clock.job';
import { InvitesRepository } from '../../src/modules/invites/records/invites.repository';
import { StreamsService } from '../../src/modules/messaging/notifications/streams.service';
import { isEmbedded } from '../support/engines';
import { eventually } from '../support/eventually';
import { House } from '../support/house';
import { guestAddress } from '../support/invitations';
import { PASSWORD } from '../support/visitor';

const FOLDER = join(__dirname, '../../docs/monitoring');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const METRICS_TOKEN = 'a token for the monitor';
/** What Prometheus knows by itself. */
const BUILT_IN = new Set(['up']);

type Rule = { alert: string; expr: string; labels: { severity: string }; annotations: Record<string, string> };
type Panel = { title: string; type: string; targets?: { expr: string }[]; datasource?: { uid: string } };
const { groups }: { groups: { rules: Rule[] }[] } = parse(read('tenantry.rules.yml'));
const rules = groups.flatMap((group) => group.rules);
const panels: Panel[] = JSON.parse(read('grafana-dashboard.json')).panels;
const graphs = panels.filter(({ type }) => type !== 'row');
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...graphs.flatMap(({ targets }) => targets!.map(({ expr }) => expr)),
];

/** The metrics that an expression names: what is no function, no label, no word of the language and no time. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/\{[^}]*\}|"[^"]*"|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const words = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\s*\()(?![\w:])/g)].map(([word]) => word);
  return words.filter((word) => !/^(and|or|unless|bool|offset)$/.test(word));
}

const isOfProcess = (name: string): boolean => /^(process|nodejs)_/.test(name);

/** Of a histogram Prometheus keeps three series. */
const familyOf = (series: string, families: Map<string, string>): string => {
  const base = series.replace(/_(bucket|sum|count)$/, '');
  return families.get(base) === 'histogram' ? base : series;
};

describe('what is watched', () => {
  let text: string;
  let families: Map<string, string>;
  let house: House;

  beforeAll(async () => {
    house = await House.open({ METRICS_TOKEN });
    const ada = await house.user();
    (await ada.get('/auth/me')).expect(200);
    await house.app.get(InvitesJob).sweep();
    await house.app.get(ClockJob).compare();
    text = (await house.visitor().get('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` })).expect(200);
    families = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));
  });
  afterAll(() => house.close());

  test('each metric that an alert or a graph names is there', () => {
    const named = [...new Set(expressions.flatMap(metricsIn))].filter((name) => !BUILT_IN.has(name));
    expect(named.length).toBeGreaterThan(15);
    const sampled = new Set([...text.matchAll(/^(\w+)[ {]/gm)].map(([, name]) => name));
    const isThere = (name: string) =>
      isOfProcess(name) // some of which are told on Linux alone, or once there was something to tell
        ? families.has(familyOf(name, families)) || process.platform !== 'linux'
        : sampled.has(name);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  test('each metric that is there is in an alert, in a graph, or left out on purpose', () => {
    const watched = new Set(expressions.flatMap(metricsIn).map((series) => familyOf(series, families)));
    const left: string[] = parse(read('unwatched.yml'));
    expect([...families.keys()].filter((name) => !watched.has(name) && !left.includes(name))).toEqual([]);
    expect(left.filter((name) => watched.has(name))).toEqual([]);
  });

  test('each of our own is explained to who operates it', () => {
    const page = readFileSync(join(FOLDER, '../operating.md'), 'utf8');
    const own = [...families.keys()].filter((name) => !isOfProcess(name));
    expect(own.length).toBeGreaterThan(12);
    expect(own.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test('each has a name as Prometheus wants it: units in full, counters as totals', () => {
    const own = [...families].filter(([name]) => !isOfProcess(name));
    for (const [name, type] of own) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|mb)$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
    }
  });

  test('each job has its runs counted, and is looked for when it stays away', () => {
    const jobs = [...tallies.keys()];
    const runs = [...text.matchAll(/^job_runs_total\{name="([^"]+)"\}/gm)].map(([, name]) => name);
    expect(runs.sort()).toEqual(jobs.sort());
    const { expr } = rules.find(({ alert }) => alert === 'TenantryJobOverdue')!;
    const looked = [...expr.matchAll(/name=~"([^"]+)"/g)].flatMap(([, names]) => names!.split('|'));
    expect(looked.sort()).toEqual(jobs);
  });
});

test('every alert has a name of its own, how bad it is, what it means and what to do', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^Tenantry[A-Z]\w+$/);
    expect(labels.severity).toMatch(/^(critical|warning)$/);
    expect([annotations.summary, annotations.description]).toEqual([
      expect.stringMatching(/\w/),
      expect.stringMatching(/\w/),
    ]);
  }
});

test('the dashboard is for whichever data source one has, and every graph of it asks something', () => {
  expect(graphs.map(({ title }) => title)).toHaveLength(new Set(graphs.map(({ title }) => title)).size);
  for (const { datasource, targets } of graphs) {
    expect(datasource!.uid).toBe('${datasource}');
    expect(targets!.length).toBeGreaterThan(0);
  }
  expect(readdirSync(FOLDER).sort()).toEqual([
    'grafana-dashboard.json',
    'prometheus.yml',
    'tenantry.rules.yml',
    'unwatched.yml',
  ]);
});

describe('what is counted, counts', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ METRICS_TOKEN });
  });
  afterAll(() => house.close());

  const scrape = async (): Promise<string> =>
    (await house.visitor().get('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` })).expect(200);
  const figure = (said: string, series: string) =>
    Number(
      said
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length),
    );
  const now = async (series: string) => figure(await scrape(), series);

  test('connections that are used, idle and waited for, and how long', async () => {
    const waits = await now('database_pool_wait_seconds_count');
    const db = house.app.get(Database);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const most = isEmbedded ? 1 : 10;
    const held = Array.from({ length: most + 3 }, () => db.transaction(() => gate));
    await eventually(async () => db.connections.used === most);
    const busy = await scrape();
    open();
    await Promise.allSettled(held);

    expect(figure(busy, 'database_pool_connections{state="used"}')).toBe(most);
    expect(figure(busy, 'database_pool_connections{state="idle"}')).toBe(0);
    expect(figure(busy, 'database_pool_waiting')).toBeGreaterThanOrEqual(3);
    const calm = await scrape();
    expect(figure(calm, 'database_pool_waiting')).toBe(0);
    expect(figure(calm, 'database_pool_wait_seconds_count')).toBeGreaterThanOrEqual(waits + held.length);
  });

  test('transactions that ran again', async () => {
    const before = await now('database_retries_total');
    const deadlock = Object.assign(new Error('Deadlock found'), { code: 'ER_LOCK_DEADLOCK' });
    const work = jest.fn<Promise<string>, []>().mockRejectedValueOnce(deadlock).mockResolvedValue('done');
    expect(await house.app.get(Database).write(work)).toBe('done');
    expect(await now('database_retries_total')).toBe(before + 1);
  });

  test('passwords that wait for a processor', async () => {
    const form = { email: guestAddress(), password: PASSWORD };
    const signIns: Promise<unknown>[] = [];
    await eventually(async () => {
      for (let i = 0; i < 20; i++) signIns.push(house.visitor().post('/auth/login', form));
      return (await now('password_queue_waiting')) > 0;
    });
    await Promise.all(signIns);
    expect(await now('password_queue_waiting')).toBe(0);
  });

  test('open streams', async () => {
    const { user } = await house.user();
    const caller = { userId: user.id, sessionId: newId(), validUntil: fromNow(HOUR) } as Caller;
    const stream = await house.app.get(StreamsService).open(caller);
    expect(await now('notification_streams')).toBe(1);
    stream.destroy();
    await eventually(async () => (await now('notification_streams')) === 0);
  });

  test('the runs of a job, its failures, and when it last ran to its end', async () => {
    const [runs, failures, last] = ['runs_total', 'failures_total', 'last_success_timestamp_seconds'].map(
      (what) => `job_${what}{name="invites.sweep"}`,
    ) as [string, string, string];
    const job = house.app.get(InvitesJob);
    await job.sweep();
    const before = await scrape();
    house.clock.advance(HOUR);
    jest
      .spyOn(house.app.get(InvitesRepository), 'forgetExpiredBefore')
      .mockRejectedValueOnce(new Error('out of order'));
    await job.sweep();

    const failed = await scrape();
    expect(figure(failed, runs)).toBe(figure(before, runs) + 1);
    expect(figure(failed, failures)).toBe(figure(before, failures) + 1);
    expect(figure(failed, last)).toBe(figure(before, last));
    expect(house.log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 40,
        job: 'invites.sweep',
        err: expect.objectContaining({ message: 'out of order' }),
      }),
    );
    await job.sweep();
    expect(await now(last)).toBeGreaterThanOrEqual(figure(before, last) + HOUR / 1000);
  });

  test('what is due, and since when; however much it is, a scrape counts so far and no further', async () => {
    await house.settled();
    await house.app.get(OutboxWorker).beforeApplicationShutdown(); // it delivers nothing any more
    (await house.visitor().post('/auth/signup', { email: guestAddress(), password: PASSWORD })).expect(201);
    house.clock.advance(90_000);
    const due = await scrape();
    expect(figure(due, 'outbox_due_messages')).toBeGreaterThan(0);
    expect(figure(due, 'outbox_oldest_due_seconds')).toBeGreaterThanOrEqual(90);

    await house.query('UPDATE outbox_messages SET due_at = NULL');
    const dead = await scrape();
    expect([figure(dead, 'outbox_due_messages'), figure(dead, 'outbox_oldest_due_seconds')]).toEqual([0, 0]);
    expect(figure(dead, 'outbox_dead_letters')).toBeGreaterThan(0);
    await house.query('DELETE FROM outbox_messages');
  });
});
