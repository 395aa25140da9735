// Tables of what a million costs: `x@1m` beside `x`, lists, the sweep.
import { median, show } from './numbers.mjs';

const TWIN = '@1m';
const head = (title, ...columns) =>
  `\n### ${title}\n\n| | ${columns.join(' | ')} |\n|---|${columns.map(() => '--:').join('|')}|\n`;
const row = (...cells) => `| ${cells.join(' | ')} |\n`;

export function growth({ runs, lists, sweeps }) {
  return [...twins(runs), ...lists.flatMap((one) => [pagesOf(one), filtersOf(one)]), ...sweeps.map(sweepOf)].join('');
}

function twins(runs) {
  const names = new Set(runs.map(({ target }) => target));
  const pairs = [...names].filter((name) => names.has(name + TWIN));
  return pairs.map((name) => {
    let out = head(
      `${name}: at a million users beside a thousand`,
      'CPU + DB ms at 1,000',
      'at 1,000,000',
      'ratio',
      'req/s, ratio',
      'SQL',
      'SQL at 1,000,000',
    );
    for (const op of new Set(runs.map((run) => run.op))) {
      const of = (target, key) => runs.filter((run) => run.target === target && run.op === op).map(key);
      const both = (key) => [of(name, key), of(name + TWIN, key)];
      const ratio = ([few, many]) => median(many.map((x, i) => x / few[i]));
      const cost = both(({ cpuMs, dbMs }) => cpuMs + dbMs),
        rps = both((run) => run.rps),
        sql = both((run) => run.sql);
      const ms = cost.map((values) => show(median(values), 3));
      out += row(op, ...ms, show(ratio(cost)), show(ratio(rps)), ...sql.map((values) => show(median(values), 1)));
    }
    return out;
  });
}

function pagesOf({ target, pages }) {
  const of = (page, key) => median(pages.filter((one) => one.page === page).map((one) => one[key]));
  const keys = ['p50', 'p99', 'cpuMs', 'dbMs'];
  let out = head(`${target}: a page of the activity log by cursor`, 'p50 ms', 'p99 ms', 'CPU ms', 'DB CPU ms');
  for (const page of new Set(pages.map((one) => one.page)))
    out += row(`page ${page}`, ...keys.map((key) => show(of(page, key), 3)));
  return out;
}

function filtersOf({ target, filters }) {
  let out = head(
    `${target}: filters of the activity log`,
    'key',
    'rows read',
    'rows in the answer',
    'p50 ms',
    'p99 ms',
    'DB CPU ms',
  );
  for (const { name, type, key, examined, extra, answered, p50, p99, dbMs } of filters) {
    const how = `${type} ${key}${/filesort/.test(extra) ? ', sorted' : ''}`;
    out += row(name, how, examined, answered, show(p50), show(p99), show(dbMs, 3));
  }
  return out;
}

function sweepOf({ target, rows, swept, seconds, phases }) {
  let out = head(
    `${target}: f while ${rows} invites are swept`,
    'req/s',
    'p50 ms',
    'p99 ms',
    'max ms',
    'CPU ms',
    'DB CPU ms',
    'errors',
  );
  for (const [when, { rps, p50, p99, max, cpuMs, dbMs, errors }] of Object.entries(phases))
    out += row(when, ...[rps, p50, p99, max, cpuMs, dbMs].map((x) => show(x)), Object.keys(errors).join() || 0);
  const ratio = phases.during.p99 / phases.before.p99;
  return `${out}\np99 during it: ${show(ratio)} × before. It took ${seconds.toFixed(0)} s; ${swept} are gone.\n`;
}
