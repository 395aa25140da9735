// Ids of the seed: of a kind, in hex, and a number; or of a moment and a number. The SQL runs on both engines (`||` joins texts).
const kinds = {
  user: 1,
  organization: 2,
  owner: 3,
  admin: 4,
  member: 5,
  big: 6,
  a: 7,
  b: 8,
  inviter: 9,
  thing: 'a',
  session: 'b',
};
export const padded = (n) => `substr('000000000000' || (${n}), -12)`;
const prefix = (kind) => `0198000${kinds[kind]}`;

export const id = (kind, n) => `'${prefix(kind)}-0000-7000-8000-' || ${padded(n)}`;
id.prefix = prefix;
export const idOf = (kind, n) => `${prefix(kind)}-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const time = "'2026-01-01 00:00:00.000'";
export const living = `${time}, ${time}, 1`;
export const LIVING = 'created_at, updated_at, version';

/** Row n of the year before, which `rows` rows fill evenly. */
const YEAR = Date.UTC(2025, 0, 1);
const step = (rows) => Math.floor((360 * 86_400_000) / rows);
export const momentOf = (n, rows) => YEAR + n * step(rows);
export const moment = (n, rows) => `(${YEAR} + ${n} * ${step(rows)})`;
const timed = (hex, n) => `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`;
export const idAt = (n, rows) => timed(momentOf(n, rows).toString(16).padStart(12, '0'), n);

/** A number below 2^25 that looks like chance, and is the same each time; `which` of several such. */
export const chance = (n, which = 0) => `((${n}) * ${[2654435761, 2246822519, 3266489917][which]} % 4294967296 >> 7)`;
