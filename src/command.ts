import { existsSync } from 'node:fs';
import { connect } from './data-source';
import { pending } from './kit/db/migrate';
import { type Config, loadConfig } from './kit/config';
import { Database } from './kit/db/database';

type Work = (args: string[], db: Database, config: Config) => Promise<string>;

/** Runs a command on the app's database and prints what it answers; an error becomes one line and exit code 1. */
export function command(work: Work): void {
  answer(work).then(
    (text) => process.stdout.write(`${text}\n`),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}

async function answer(work: Work): Promise<string> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig();
  const source = await connect(config);
  try {
    if ((await pending(source)).length > 0)
      throw new Error('The database has yet to be migrated: start the app first.');
    return await work(process.argv.slice(2), new Database(source), config);
  } finally {
    await source.destroy();
  }
}
