import { existsSync } from 'node:fs';
import { connect } from '../data-source';
import { pending } from '../database/migrate';
import { type Config, loadConfig } from '../config/config';
import { Database } from '../database/database';

type Work = (args: string[], db: Database, config: Config) => Promise<string>;
type Arguments = { args: string[]; config: Config };

/** Runs a command on the app's database and prints what it answers; an error becomes one line and exit code 1. */
export const command = (work: Work): void => program(({ args, config }) => onDatabase(work, args, config));

/** The same of one that wants the settings alone. */
export function program(work: (given: Arguments) => Promise<string> | string): void {
  const answer = async () => {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return work({ args: process.argv.slice(2), config: loadConfig() });
  };
  answer().then(
    (text) => process.stdout.write(`${text}\n`),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}

async function onDatabase(work: Work, args: string[], config: Config): Promise<string> {
  const source = await connect(config);
  try {
    if ((await pending(source)).length > 0)
      throw new Error('The database has yet to be migrated: start the app first.');
    return await work(args, new Database(source), config);
  } finally {
    await source.destroy();
  }
}
