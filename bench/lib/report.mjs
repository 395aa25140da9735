// Tables of a run: medians over the rounds, and the median of the rounds' ratios to the reference.
import { growth } from './report-growth.mjs';
import { median, show } from './numbers.mjs';
import { sum, TITLES } from './options.mjs';

/** A sample, as it comes. */
export const line = ({ op, target, rps, p50, p99, cpuMs, dbMs, sql, otherCores, errors }) =>
  `${op} ${target.padEnd(18)} ${rps.toFixed(0).padStart(6)}/s p50 ${p50.toFixed(2)} p99 ${p99.toFixed(2)} cpu ${cpuMs.toFixed(3)} db ${dbMs.toFixed(3)} sql ${sql.toFixed(2)} other ${otherCores.toFixed(2)}${sum(errors) ? ` ERRORS ${JSON.stringify(errors)}` : ''}`;

export function report(results) {
  const { at, machine, rounds, seconds, runs, storms, memory } = results;
  const names = Object.keys(memory);
  let out = `${at.slice(0, 16).replace('T', ' ')} UTC, ${machine}; medians of ${rounds} rounds of ${seconds} s\n`;
  for (const op of new Set(runs.map((run) => run.op))) {
    const of = (name, key) => runs.filter((run) => run.target === name && run.op === op).map((run) => run[key]);
    const ratio = (name, to) => median(of(name, 'rps').map((rps, i) => rps / of(to, 'rps')[i]));
    out += `\n### ${op} ${TITLES[op]}\n\n| | req/s | × reference | × better-auth | p50 ms | p99 ms | CPU ms | DB CPU ms | SQL | errors |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n`;
    for (const name of names.filter((one) => of(one, 'rps').length > 0)) {
      const [rps, p50, p99, cpu, db, sql] = ['rps', 'p50', 'p99', 'cpuMs', 'dbMs', 'sql'].map((key) =>
        median(of(name, key)),
      );
      const errors = of(name, 'errors')
        .flatMap((counts) => Object.values(counts))
        .reduce((a, b) => a + b, 0);
      out += `| ${name} | ${show(rps)} | ${show(ratio(name, 'reference'))} | ${show(ratio(name, 'better-auth'))} | ${show(p50)} | ${show(p99)} | ${show(cpu, 3)} | ${show(db, 3)} | ${show(sql, 1)} | ${errors} |\n`;
    }
  }
  if (storms.length > 0) {
    out += '\n### h who am I, 50 a second: p99 in ms\n\n| | alone | while 20 sign in |\n|---|--:|--:|\n';
    for (const name of names) {
      const of = (when) => median(storms.filter(({ target }) => target === name).map((storm) => storm[when].p99));
      out += `| ${name} | ${show(of('alone'))} | ${show(of('under'))} |\n`;
    }
  }
  out += growth(results);
  out += '\n### Memory, MiB (proportional)\n\n| | signed in | loaded |\n|---|--:|--:|\n';
  for (const name of names) out += `| ${name} | ${show(memory[name].readyMiB)} | ${show(memory[name].maxMiB)} |\n`;
  const disturbed = runs.filter(({ otherCores }) => otherCores > 0.25).length;
  return `${out}\nIn ${disturbed} of ${runs.length} samples something else took more than a quarter of a core.\n`;
}
