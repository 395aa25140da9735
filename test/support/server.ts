import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { eventually } from './eventually';

/** A database server for tests: its address, and how to be rid of it; `down` ends it for a while, `up` has it back as it was. */
export type Server = {
  url: string;
  stop(): Promise<void>;
  down(signal: NodeJS.Signals): void;
  up(): Promise<void>;
};

/** Lives as long as its standard input is open: however jest ends, the server ends with it, and so does the folder ($0). */
const KEEPER = '"$@" > "$0/server.log" 2>&1 & cat > /dev/null; kill -9 $!; wait $!; rm -rf "$0"';
const GIVES_UP = '[ERROR] Aborting';
const THROWAWAY = ['--skip-log-bin', '--innodb-flush-log-at-trx-commit=0', '--skip-innodb-doublewrite'];
const TEXTS = ['--character-set-server=utf8mb4', '--collation-server=utf8mb4_bin'];

type Making = {
  durable?: boolean; // keeps what it acknowledged when it is killed
  more?: string[];
  first?: string[]; // for the first start alone
  joins?: boolean; // gets its tables from those it joins
  password?: string;
  user?: string; // of the system, where a test runs as root
};

/** Starts a private server whose files are in `folder`, which goes with it. */
export async function startServer(
  program: string,
  folder: string,
  { durable = false, joins = false, more = [], first = [], ...account }: Making = {},
): Promise<Server> {
  const { password = randomBytes(12).toString('hex'), user = 'root' } = account;
  const runsAsRoot = process.getuid?.() === 0; // it refuses to unless told to
  const tables = ['--no-defaults', ...(runsAsRoot ? [`--user=${user}`] : []), `--datadir=${join(folder, 'data')}`];
  if (joins) mkdirSync(join(folder, 'data'));
  else createTables(program, tables);

  const port = await freePort();
  const init = join(folder, 'init.sql');
  const tester = `'tester'@'%'`;
  writeFileSync(
    init,
    `CREATE USER IF NOT EXISTS ${tester} IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO ${tester} WITH GRANT OPTION;\n`,
  );
  if (runsAsRoot && user !== 'root') execFileSync('chown', ['-R', user, folder]);
  const files = [`--init-file=${init}`, `--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`];
  const net = ['--bind-address=127.0.0.1', `--port=${port}`, '--skip-name-resolve', '--max-connections=300'];

  const command = [program, ...tables, ...files, ...net, ...(durable ? [] : THROWAWAY), ...TEXTS, ...more];
  const keepers: ChildProcess[] = [];
  const url = `mysql://tester:${password}@127.0.0.1:${port}`;
  const up = async (extra: string[] = []) => {
    keepers.push(keep(folder, [...command, ...extra]));
    await untilReady(url, join(folder, 'server.log'));
  };
  const down = (signal: NodeJS.Signals) => {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), signal); // its successor waits for the files to be free
  };
  const stop = async () => {
    for (const keeper of keepers.toReversed()) await end(keeper);
  };
  await up(first);
  return { url, stop, down, up };
}

/** Runs a server whose files are in `folder`, which goes with it. */
export function keep(folder: string, command: string[]): ChildProcess {
  return spawn('sh', ['-c', KEEPER, folder, ...command], {
    detached: true, // Ctrl-C is for jest
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

export async function end(keeper: ChildProcess): Promise<void> {
  keeper.stdin!.end();
  await once(keeper, 'exit');
}

function createTables(program: string, options: string[]): void {
  const isMariaDb = execFileSync(program, ['--version'], { encoding: 'utf8' }).includes('MariaDB');
  const [installer, ...more] = isMariaDb
    ? ['mariadb-install-db', '--skip-test-db']
    : [program, '--initialize-insecure'];
  execFileSync(installer!, [...options, ...more], { stdio: 'pipe' });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** @throws Error with what the server said, when it ends before. */
async function untilReady(url: string, log: string): Promise<void> {
  const answers = () =>
    createConnection(url).then(
      (connection) => connection.end().then(() => true),
      () => false,
    );
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  await eventually(async () => said().includes(GIVES_UP) || answers());
  if (said().includes(GIVES_UP)) throw new Error(`The database server does not run.\n${said()}`);
}
