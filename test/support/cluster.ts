import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { eventually } from './eventually';
import { type Server, startServer } from './server';

/** Nodes of a MariaDB Galera cluster, all of which take writes. */
export type Cluster = { nodes: Server[]; stop(): Promise<void> };

const NODES = [0, 1, 2];
const FIRST_PORT = 61_000; // above those that the system gives to connections
const REPLICATES = ['--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--wsrep-on=ON', '--wsrep-sst-method=rsync'];

/** Starts three nodes of our own in `folder`, each once the one before has joined. @param provider the library of Galera */
export async function startCluster(program: string, folder: string, provider: string): Promise<Cluster> {
  const base = FIRST_PORT + 10 * randomInt(400);
  const port = (node: number, nth: number) => base + 3 * node + nth;
  const all = NODES.map((node) => `127.0.0.1:${port(node, 0)}`).join();
  const password = randomBytes(12).toString('hex');
  const nodes: Server[] = [];
  chmodSync(folder, 0o711); // a state is handed on by rsync, which lets nobody write as root
  for (const node of NODES) {
    const own = join(folder, `node-${node}`);
    mkdirSync(own);
    const more = [
      ...REPLICATES,
      `--wsrep-provider=${provider}`,
      `--wsrep-cluster-address=gcomm://${node === 0 ? '' : all}`,
      `--wsrep-node-address=127.0.0.1`,
      `--wsrep-sst-receive-address=127.0.0.1:${port(node, 2)}`,
      `--wsrep-provider-options=base_port=${port(node, 0)};gmcast.listen_addr=tcp://127.0.0.1:${port(node, 0)};ist.recv_addr=127.0.0.1:${port(node, 1)};gcache.size=64M`,
    ];
    nodes.push(await startServer(program, own, { more, password, user: 'mysql' }));
    await untilSynced(nodes[node]!.url, node + 1);
  }
  const stop = async () => {
    for (const node of nodes.toReversed()) await node.stop();
  };
  return { nodes, stop };
}

/** Until a node has all that the others have, and sees as many. */
async function untilSynced(url: string, size: number): Promise<void> {
  const connection = await createConnection(url);
  try {
    await eventually(async () => {
      const [rows] = await connection.query(
        "SHOW STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_size')",
      );
      const values = (rows as { Value: string }[]).map(({ Value }) => Value);
      return values.includes('Synced') && values.includes(String(size));
    });
  } finally {
    await connection.end();
  }
}
