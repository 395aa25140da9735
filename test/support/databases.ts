import { createConnection } from 'mysql2/promise';

/** Fresh databases on one server, `<the URL's own database>_1` and on; `tenantry_test_1` and on where it names none. */
export class Databases {
  private readonly names: string[];

  constructor(
    private readonly server: string,
    count: number,
  ) {
    const prefix = new URL(server).pathname.slice(1) || 'tenantry_test';
    this.names = Array.from({ length: count }, (_, i) => `${prefix}_${i + 1}`);
  }

  get urls(): string[] {
    return this.names.map((name) => at(this.server, name));
  }

  /** utf8mb4_bin: texts compare byte by byte, as they do on the embedded engine. */
  async create(): Promise<void> {
    await this.drop();
    await this.run(this.names.map((name) => `CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`));
  }

  async drop(): Promise<void> {
    await this.run(this.names.map((name) => `DROP DATABASE IF EXISTS \`${name}\``));
  }

  private async run(statements: string[]): Promise<void> {
    const connection = await createConnection(at(this.server, ''));
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  }
}

const at = (server: string, name: string): string => Object.assign(new URL(server), { pathname: `/${name}` }).href;
