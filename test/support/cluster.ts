import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { eventually } from './eventually';
import { type Server, startServer } from './server';

/** A node of a MariaDB Galera cluster, all of which take writes. */
export type Node = Server & {
  /** Until it has all that the others have, and sees as many. */
  untilWhole(size?: number): Promise<void>;
  /** Until it knows that it has no quorum. */
  untilAlone(): Promise<void>;
  /** What an operator says. */
  tell(sql: string): Promise<void>;
};
export type Cluster = { nodes: Node[]; stop(): Promise<void> };

const NODES = [0, 1, 2];
const FIRST_PORT = 61_000; // above those that the system gives to connections
const REPLICATES = ['--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--wsrep-on=ON', '--wsrep-sst-method=rsync'];

/** Starts three nodes of our own in `folder`, each once the one before has joined. @param provider the library of Galera */
export async function startCluster(program: string, folder: string, provider: string): Promise<Cluster> {
  const base = FIRST_PORT + 10 * randomInt(400);
  const port = (node: number, nth: number) => base + 3 * node + nth;
  const all = NODES.map((node) => `127.0.0.1:${port(node, 0)}`).join();
  const password = randomBytes(12).toString('hex');
  const nodes: Node[] = [];
  chmodSync(folder, 0o711); // a state is handed on by rsync, which lets nobody write as root
  for (const node of NODES) {
    const own = join(folder, `node-${node}`);
    mkdirSync(own);
    const more = [
      ...REPLICATES,
      `--wsrep-provider=${provider}`,
      `--wsrep-cluster-address=gcomm://${all}`,
      `--wsrep-node-address=127.0.0.1`,
      `--wsrep-sst-receive-address=127.0.0.1:${port(node, 2)}`,
      `--wsrep-provider-options=base_port=${port(node, 0)};gmcast.listen_addr=tcp://127.0.0.1:${port(node, 0)};ist.recv_addr=127.0.0.1:${port(node, 1)};gcache.size=64M`,
    ];
    const joins = node > 0;
    const first = joins ? [] : ['--wsrep-new-cluster'];
    const server = await startServer(program, own, { more, first, joins, password, user: 'mysql' });
    const untilWhole = (size = NODES.length) =>
      until(server.url, { wsrep_local_state_comment: 'Synced', wsrep_cluster_size: size });
    const untilAlone = () => until(server.url, { wsrep_cluster_status: 'non-Primary' });
    nodes.push({ ...server, untilWhole, untilAlone, tell: async (sql) => void (await ask(server.url, sql)) });
    await untilWhole(node + 1);
  }
  const stop = async () => {
    for (const node of nodes.toReversed()) await node.stop();
  };
  return { nodes, stop };
}

/** A cluster of a test's own, whose nodes it may kill. */
export async function startOwnCluster(): Promise<Cluster> {
  const { SERVER, GALERA } = globalThis as unknown as { SERVER: string; GALERA: string };
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-cluster-'));
  const { nodes, stop } = await startCluster(SERVER, folder, GALERA);
  return { nodes, stop: () => stop().then(() => rmSync(folder, { recursive: true, force: true })) };
}

/** Until a node says so of itself and its cluster. */
async function until(url: string, wanted: Record<string, string | number>): Promise<void> {
  const isSo = async () => {
    const rows = await ask(url, "SHOW STATUS LIKE 'wsrep%'");
    const status = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
    return Object.entries(wanted).every(([name, value]) => status.get(name) === String(value));
  };
  await eventually(() => isSo().catch(() => false)); // it may not listen yet
}

async function ask(url: string, sql: string): Promise<Record<string, string>[]> {
  const connection = await createConnection(url);
  try {
    return (await connection.query(sql))[0] as Record<string, string>[];
  } finally {
    await connection.end();
  }
}
