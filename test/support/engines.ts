export type Engine = 'embedded' | 'mariadb' | 'mysql';
export type Settings = Record<string, string>;

/** The engine that this test runs on, as jest.config.js says. */
export const engine = (globalThis as unknown as { ENGINE: Engine }).ENGINE;
export const isEmbedded = engine === 'embedded';

/** A rule for several instances on one database; the embedded engine serves one. There it is left out, not skipped. */
export function testOnServers(title: string, work: () => Promise<void>): void {
  if (!isEmbedded) test(title, work);
}

/** A rule about the database server itself, which is started from this program; left out where only the address of one is known. */
export function testOnOwnServer(title: string, work: (program: string) => Promise<void>): void {
  const { SERVER } = globalThis as unknown as { SERVER?: string };
  if (SERVER && !SERVER.includes('://')) test(title, () => work(SERVER));
  else test.todo(title);
}

const variable = (of: Engine) => `TENANTRY_TEST_${of.toUpperCase()}`;

/** Passes on to the workers, through the environment that they inherit, where each has its database and its folder. */
export function announce(of: Engine, places: Settings[]): void {
  process.env[variable(of)] = JSON.stringify(places);
}

/** The settings of an app on this worker's own database, which is migrated. Every House of a worker shares it. */
export function workerSettings(): Settings {
  const places: Settings[] = JSON.parse(process.env[variable(engine)] ?? '[]');
  const worker = Number(process.env.JEST_WORKER_ID ?? 1);
  const place = places[worker - 1];
  if (!place) throw new Error(`The setup made no ${engine} database for worker ${worker}.`);
  return place;
}
