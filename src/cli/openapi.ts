import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import 'reflect-metadata';
import { createApp } from '../app';
import { unconnected } from '../data-source';
import { describe } from '../document';
import { loadConfig } from '../config/config';
import { yamlOf } from '../http/docs/docs';

/** The contract as text. Connects to no database. */
export async function contract(): Promise<string> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const keys = { JWT_PRIVATE_KEY: String(key), SECRET_KEYS: `none:${randomBytes(32).toString('base64')}` };
  const app = await createApp(loadConfig({ ...keys, METRICS_TOKEN: 'none', LOG_LEVEL: 'error' }), unconnected());
  return yamlOf(describe(app));
}

/** `npm run openapi` writes openapi.yaml; `npm run openapi -- --check` fails when it is stale. */
async function main() {
  const text = await contract();
  if (!process.argv.includes('--check')) writeFileSync('openapi.yaml', text);
  else if (readFileSync('openapi.yaml', 'utf8') !== text)
    throw new Error('openapi.yaml is stale: run `npm run openapi`.');
  process.exit(0); // pools and timers of an app that never listened
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
