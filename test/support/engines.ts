export type Engine = 'embedded' | 'mariadb' | 'mysql' | 'galera';
export type Settings = Record<string, string>;

/** The engine that this test runs on, as jest.config.js says. */
export const engine = (globalThis as unknown as { ENGINE: Engine }).ENGINE;
export const isEmbedded = engine === 'embedded';
/** Three nodes, an instance at each. */
export const isCluster = engine === 'galera';

/** A rule for several instances on one database; the embedded engine serves one. There it is left out, not skipped. */
export function testOnServers(title: string, work: () => Promise<void>): void {
  if (!isEmbedded) test(title, work);
}

/** A rule for several instances, each at a node of its own of one database. Elsewhere it is left out, not skipped. */
export function testOnCluster(title: string, work: () => Promise<void>): void {
  if (isCluster) test(title, work);
}

/** A rule about the database server itself, which is started from this program; left out where only the address of one is known. */
export function testOnOwnServer(title: string, work: (program: string) => Promise<void>): void {
  const { SERVER } = globalThis as unknown as { SERVER?: string };
  if (SERVER && !SERVER.includes('://')) test(title, () => work(SERVER));
  else test.todo(title);
}

const variable = (of: Engine) => `TENANTRY_TEST_${of.toUpperCase()}`;

/** Passes on to the workers, through the environment that they inherit, where each has its database and its folder: at each node of it. */
export function announce(of: Engine, places: Settings[][]): void {
  process.env[variable(of)] = JSON.stringify(places);
}

/** The settings of an app on this worker's own database, which is migrated. Every House of a worker shares it; the nth of them is at the nth node. */
export function workerSettings(nth = 0): Settings {
  const places: Settings[][] = JSON.parse(process.env[variable(engine)] ?? '[]');
  const worker = Number(process.env.JEST_WORKER_ID ?? 1);
  const nodes = places[worker - 1];
  if (!nodes) throw new Error(`The setup made no ${engine} database for worker ${worker}.`);
  return nodes[nth % nodes.length]!;
}
