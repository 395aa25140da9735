// What was asked for on the command line.
import { parseArgs } from 'node:util';

const {
  values: options,
  positionals: [verb = 'run'],
} = parseArgs({
  allowPositionals: true,
  options: {
    targets: { type: 'string' },
    ops: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    minutes: { type: 'string', default: '10' },
    scale: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
export { options, verb };
export const ROUNDS = Number(options.rounds);
export const SECONDS = Number(options.seconds);
export const MINUTES = Number(options.minutes);
export const WARM_UP = 2;

const names = options.ops?.split(',');
export const wants = (op) => !names || names.includes(op);
/** The operations that are measured under load, in order. */
export const TITLES = {
  a: 'sign in',
  b: 'who am I',
  c: 'my organizations',
  d: 'members page, 20 of 1,000',
  e: 'denied',
  f: 'create an invite, its mail held up',
  'f:mail': 'create an invite, mails delivered meanwhile',
  g: 'refresh',
};
export const OPERATIONS = Object.keys(TITLES).filter(wants);
export const opsOf = (target) => Object.entries(target.ops).filter(([op]) => wants(op));
export const rotate = (list, n) => list.map((_, i) => list[(i + n) % list.length]);
export const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
export const log = (...words) => console.error(new Date().toISOString().slice(11, 19), ...words);
