import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { Databases } from './databases';
import { type Server, startServer } from './server';

/** A database server of a test's own. Its account, unlike the administrator's, may not write where the server is read-only. */
export class Primary {
  private constructor(
    private readonly server: Server,
    private admin: Connection,
    /** The account's way to an empty database. */
    readonly url: string,
  ) {}

  static async start(program: string): Promise<Primary> {
    const server = await startServer(program, mkdtempSync(join(tmpdir(), 'tenantry-primary-')));
    const databases = new Databases(server.url, 1);
    await databases.create();
    const url = new URL(databases.urls[0]!);
    const admin = await createConnection(url.href);
    await admin.query("CREATE USER app IDENTIFIED BY 'lanterns'");
    await admin.query(`GRANT ALL ON ${url.pathname.slice(1)}.* TO app`);
    return new Primary(server, admin, Object.assign(url, { username: 'app', password: 'lanterns' }).href);
  }

  /** One URL for several of them, in this order. */
  static urlOf(servers: Primary[]): string {
    const hosts = servers.map(({ url }) => new URL(url).host);
    return servers[0]!.url.replace(hosts[0]!, hosts.join());
  }

  async query<Row = any>(sql: string): Promise<Row[]> {
    return (await this.admin.query(sql))[0] as Row[];
  }

  /** What a failover makes of the old one. */
  async becomeStandby(): Promise<void> {
    await this.query('SET GLOBAL read_only = 1');
  }

  async becomePrimary(): Promise<void> {
    await this.query('SET GLOBAL read_only = 0');
  }

  /** What a node of a cluster says that lost sight of the others, whoever asks for a table that every connection reads. */
  async loseQuorum(): Promise<void> {
    await this.query(`CREATE FUNCTION quorum() RETURNS INT
      BEGIN SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = 1047, MESSAGE_TEXT = 'WSREP has not yet prepared node'; RETURN 1; END`);
    await this.query('RENAME TABLE migrations TO migrations_of_before');
    await this.query('CREATE VIEW migrations AS SELECT * FROM migrations_of_before WHERE quorum() = 1');
  }

  /** Ends the server as a crash does, until it is `up` again. */
  down(): void {
    this.server.down('SIGKILL');
  }

  async up(): Promise<void> {
    await this.admin.end().catch(() => undefined);
    await this.server.up();
    this.admin = await createConnection(
      Object.assign(new URL(this.server.url), { pathname: new URL(this.url).pathname }).href,
    );
  }

  /** The ids of the account's connections. */
  async connections(): Promise<number[]> {
    const rows = await this.query<{ id: number }>(
      "SELECT id AS id FROM information_schema.processlist WHERE user = 'app'",
    );
    return rows.map(({ id }) => Number(id));
  }

  /** Has whatever adds a row meet this error, as the server itself says it. */
  async refuse(table: string, errno: number): Promise<void> {
    await this.query('DROP TRIGGER IF EXISTS refuse');
    await this.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW
       SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = 'not by this server'`,
    );
  }

  async stop(): Promise<void> {
    await this.admin.end();
    await this.server.stop();
  }
}
