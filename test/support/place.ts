import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Databases } from './databases';
import { type Settings, workerSettings } from './engines';

/** Where an installation begins: an empty folder and, on a server, an empty database. */
export type Place = { folder: string; settings: Settings; clear(): Promise<void> };

/** A place of this test's own, on the engine that it runs on. */
export async function emptyPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-place-'));
  const { DATABASE_URL } = workerSettings();
  const databases = DATABASE_URL ? new Databases(DATABASE_URL, 1) : undefined;
  await databases?.create();
  const clear = async () => {
    await databases?.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, settings: databases ? { DATABASE_URL: databases.urls[0]! } : {}, clear };
}
