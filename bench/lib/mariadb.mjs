// A private MariaDB on loopback, durable at every commit as in production, with its files in DATA. It stays up between runs.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import mysql from 'mysql2/promise';
import { cpu, sleep } from './proc.mjs';

export const DATA = process.env.BENCH_DATA ?? '/tmp/tenantry-bench';
export const PORTS = Number(process.env.BENCH_PORTS ?? 45000); // everything listens a little above
export const SERVER = { host: '127.0.0.1', port: PORTS + 306, user: 'bench', password: 'bench' };
fs.mkdirSync(DATA, { recursive: true });
const pidFile = `${DATA}/mariadb.pid`;
const tables = ['--no-defaults', `--datadir=${DATA}/mariadb`, ...(process.getuid() === 0 ? ['--user=root'] : [])];

/** Starts the server unless it runs. */
export async function up() {
  if (await answers()) return;
  if (!fs.existsSync(`${DATA}/mariadb`))
    execFileSync('mariadb-install-db', [...tables, '--skip-test-db'], { stdio: 'ignore' });
  fs.writeFileSync(
    `${DATA}/init.sql`,
    `CREATE USER IF NOT EXISTS 'bench'@'%' IDENTIFIED BY 'bench';\nGRANT ALL ON *.* TO 'bench'@'%';\n`,
  );
  const net = [
    `--port=${SERVER.port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--max-connections=300',
    `--socket=${DATA}/socket`,
  ];
  const rest = [
    `--pid-file=${pidFile}`,
    `--init-file=${DATA}/init.sql`,
    '--innodb-buffer-pool-size=1G',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_bin',
  ];
  spawn('mariadbd', [...tables, ...net, ...rest], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  }).unref();
  for (let tries = 0; !(await answers()); tries++) {
    if (tries > 100)
      throw new Error(`MariaDB does not answer on ${SERVER.port}; is another one there, or none installed?`);
    await sleep(200);
  }
}
const answers = () =>
  query(undefined, 'SELECT 1').then(
    () => true,
    () => false,
  );

/** Stops it. */
export function down() {
  if (fs.existsSync(pidFile)) process.kill(Number(fs.readFileSync(pidFile, 'utf8')));
}

/** Statements one after the other, in one connection; the rows of the last. */
export async function query(database, ...sent) {
  const connection = await mysql.createConnection({ ...SERVER, database, multipleStatements: true });
  try {
    let rows;
    for (const [sql, values] of sent.map((one) => [one].flat(1))) [rows] = await connection.query(sql, values);
    return rows;
  } finally {
    await connection.end();
  }
}

/** A moment as SQL writes it, in UTC. */
export const sqlTime = (date) => date.toISOString().slice(0, 23).replace('T', ' ');

/** CPU seconds that the server has used. */
export const serverCpu = () => cpu(Number(fs.readFileSync(pidFile, 'utf8')));

/** Statements that clients have sent to it, BEGIN and COMMIT among them. */
export async function statements() {
  const [row] = await query(undefined, "SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(row.Value);
}

/** The statements that clients send while `work` runs. */
export async function trace(work) {
  const file = `${DATA}/trace.log`;
  fs.rmSync(file, { force: true });
  await query(undefined, `SET GLOBAL log_output='FILE', GLOBAL general_log_file='${file}', GLOBAL general_log=1`);
  await work();
  await sleep(100);
  await query(undefined, 'SET GLOBAL general_log=0');
  const lines = fs
    .readFileSync(file, 'utf8')
    .replace(/\n(?!\d{6}|\t\t)/g, ' ')
    .split('\n');
  return lines
    .map((line) => /\t\s*\d+ (?:Query|Execute)\t(.*)/.exec(line)?.[1]?.replace(/\s+/g, ' '))
    .filter((sql) => sql && !sql.includes('general_log'));
}

/** Makes a database by `fill` unless it is there already. */
export async function seedOnce(name, fill) {
  const done = await query(undefined, [
    'SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    [name, '_seeded'],
  ]);
  if (done.length > 0) return;
  await query(undefined, `DROP DATABASE IF EXISTS ${name}`, `CREATE DATABASE ${name}`);
  await fill();
  await query(name, 'CREATE TABLE _seeded (t DATETIME)');
}
