import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { program } from './command';
import { isEmbedded } from '../config/config';
import { sqlite } from '../database/sqlite/library';

const USAGE = 'Usage: npm run backup -- <file>';
const SERVERS = 'DATABASE_URL names a server, which has tools of its own for this: see "Backups" in docs/operating.md.';
const PATIENCE = 15_000; // milliseconds

type Connection = { exec(sql: string): void; pragma(text: string): unknown; close(): void };
type Library = new (file: string, options: object) => Connection;

/**
 * Writes the database, as it was at one moment, into a new file. The app may run and write meanwhile, in any version: a reader of WAL keeps
 * nobody waiting. Until the copy is whole and checked the file is empty. @throws Error, also where it is there already; then it stays as it is
 */
function backUp(database: string, file: string): string {
  if (!existsSync(database)) throw new Error(`There is no database at ${database}.`);
  const part = `${file}.part`;
  create(file);
  try {
    create(part);
    copy(database, part);
    check(part);
    renameSync(part, file);
  } catch (error) {
    for (const one of [part, file]) rmSync(one, { force: true });
    throw new Error(`There is no backup: ${(error as Error).message}.`, { cause: error });
  }
  return `${database} is backed up in ${file}: ${statSync(file).size} bytes, checked.`;
}

/** Empty, and its owner's alone: it will hold what the database does. */
function create(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    const isThere = (error as { code?: string }).code === 'EEXIST';
    throw isThere ? new Error(`${file} is there already, and stays as it is: name another file.`) : error;
  }
}

function copy(database: string, file: string): void {
  const from = new (sqlite() as Library)(database, { readonly: true, timeout: PATIENCE });
  try {
    from.exec(`VACUUM INTO '${file.replaceAll("'", "''")}'`);
  } finally {
    from.close();
  }
  const written = openSync(file, 'r+');
  fsyncSync(written); // SQLite leaves that to us
  closeSync(written);
}

function check(file: string): void {
  const made = new (sqlite() as Library)(file, { readonly: true });
  try {
    const [said] = made.pragma('integrity_check') as { integrity_check: string }[];
    if (said?.integrity_check !== 'ok') throw new Error(`the copy is not sound (${said?.integrity_check})`);
  } finally {
    made.close();
  }
}

program(({ args: [file, ...rest], config }) => {
  if (!file || rest.length > 0) throw new Error(USAGE);
  if (!isEmbedded(config)) throw new Error(SERVERS);
  return backUp(resolve(config.DATABASE_URL.slice('sqlite:'.length)), resolve(file));
});
