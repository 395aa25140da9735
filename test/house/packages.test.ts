import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { satisfies } = jest.requireActual<{ satisfies(version: string, range: string): boolean }>('semver');
const read = (file: string) => JSON.parse(readFileSync(join(__dirname, '../..', file), 'utf8'));
type Package = { optional?: true; hasInstallScript?: true; engines?: { node?: string }; version: string };

const { allowScripts } = read('package.json');
const installed = Object.entries<Package>(read('package-lock.json').packages);

/** The first of each line that we run on, and one of today: an optional package may leave some out, and npm leaves it out there. */
const NODES = ['20.19.0', '20.20.2', '22.14.0', '22.23.3', '24.11.0', '24.21.0'];

test.each(NODES)('every package is for Node %s, so that npm does not warn of one', (version) => {
  const foreign = installed.filter(
    ([, { engines, optional }]) => !optional && !satisfies(version, engines?.node ?? '*'),
  );
  expect(foreign.map(([place, { engines }]) => `${place} wants ${engines?.node}`)).toEqual([]);
});

test('of every install script it is said whether it may run, so that npm does not ask', () => {
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripted.map(([place]) => place.split('node_modules/').at(-1)!);
  expect(names.filter((name) => !(name in allowScripts))).toEqual([]);
});

test('on no Node there are two of SQLite', () => {
  const sqlites = installed.filter(([place]) => place.endsWith('node_modules/better-sqlite3'));
  const on20 = installed.find(([place]) => place === 'node_modules/sqlite-on-node-20')![1];
  const [latest, older] = sqlites.map(([, { engines }]) => engines!.node!);
  for (const version of NODES)
    expect([satisfies(version, latest!), satisfies(version, on20.engines!.node!)].filter(Boolean)).toHaveLength(1);
  expect(older).toBeDefined();
});
