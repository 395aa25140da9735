/** The second is how Amazon Aurora's replicas say it. A super_read_only sets the first. */
const STANDBY = 'SELECT @@global.read_only AS server, @@global.innodb_read_only AS engine';
const NO = new Set(['0', 'OFF']); // MariaDB 12 says it in words

/** What MySQL calls it that a server takes no writes. */
export const READ_ONLY = 'ER_READ_ONLY_MODE';

/** Asks a server whether it takes writes: after a failover the old one does not. @throws Error, READ_ONLY where it takes none */
export async function requireWriter(ask: (sql: string) => Promise<Record<string, unknown>[]>): Promise<void> {
  const [said] = await ask(STANDBY);
  if (Object.values(said!).every((value) => NO.has(String(value)))) return;
  throw Object.assign(new Error('The server is read-only.'), { code: READ_ONLY });
}
