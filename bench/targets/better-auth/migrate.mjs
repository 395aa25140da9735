import { getMigrations } from 'better-auth/db/migration';
import { auth, pool } from './auth.mjs';
const { runMigrations, compileMigrations } = await getMigrations(auth.options);
if (process.argv[2] === '--print') console.log(await compileMigrations());
else await runMigrations();
await pool.end();
