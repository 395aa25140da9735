// Its two engines: where the data is, how to fill it.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { DATA, query, seedOnce, SERVER } from '../../lib/mariadb.mjs';
import { seeds, TABLES } from './seed.mjs';

const root = new URL('../../../', import.meta.url).pathname;

/** A table of the numbers n, twelve hex digits, and a moment, of milliseconds since 1970. */
export const MARIADB = {
  series: (from, to) => `(SELECT seq AS n FROM seq_${from}_to_${to})`,
  hex: (ms) => `lpad(lower(hex(${ms})), 12, '0')`,
  at: (ms) => `timestampadd(MICROSECOND, (${ms}) * 1000, '1970-01-01')`,
};
export const SQLITE = {
  series: (from, to) =>
    `(WITH RECURSIVE s(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM s WHERE n < ${to}) SELECT n FROM s)`,
  hex: (ms) => `printf('%012x', ${ms})`,
  at: (ms) => `strftime('%Y-%m-%d %H:%M:%f', (${ms}) / 1000.0, 'unixepoch')`,
};

export const BULK = "SET sql_mode='PIPES_AS_CONCAT', foreign_key_checks = 0, unique_checks = 0";

export const mariadb = (database, users) => ({
  url: `mariadb://${SERVER.user}:${SERVER.password}@${SERVER.host}:${SERVER.port}/${database}`,
  seed: (migrate, passwordHash) =>
    seedOnce(database, async () => {
      await migrate();
      const fill = seeds(users, passwordHash, MARIADB);
      await query(
        database,
        BULK,
        'TRUNCATE activity_logs', // a table that is empty is filled in bulk, each index in its order
        ...fill,
        `ANALYZE TABLE ${TABLES.join(', ')}`,
      );
    }),
  run: (...sent) => query(database, ...sent),
  fill: (...sent) => query(database, BULK, ...sent),
  engine: MARIADB,
});
export const embedded = (database, users) => {
  const file = `${DATA}/${database}.db`,
    Sqlite = createRequire(root)('./dist/src/database/sqlite/library.js').sqlite();
  const run = (...statements) => {
    const db = new Sqlite(file, { timeout: 15_000 });
    const answers = statements.map((sql) => (sql.startsWith('SELECT') ? db.prepare(sql).all() : db.exec(sql)));
    db.close();
    return answers.at(-1);
  };
  return {
    url: `sqlite:${file}`,
    async seed(migrate, passwordHash) {
      if (fs.existsSync(`${file}.seeded`)) return;
      for (const end of ['', '-wal', '-shm']) fs.rmSync(file + end, { force: true });
      await migrate();
      run(...seeds(users, passwordHash, SQLITE), 'ANALYZE');
      fs.writeFileSync(`${file}.seeded`, '');
    },
    run,
    fill: run,
    engine: SQLITE,
  };
};
