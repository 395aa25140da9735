const { existsSync } = require('node:fs');
const { delimiter, join } = require('node:path');

/** Packages that are ESM only. Jest runs CommonJS, so swc compiles them, as it does our own files. */
const ESM = ['@nestjs', 'any-ascii', 'jose', 'nodemailer', 'oauth4webapi', 'openid-client', 'smtp-server', 'uuid'];

const { PATH = '', TEST_DATABASE_URL, TEST_MYSQL_URL, REQUIRE_ALL_ENGINES } = process.env;
const folders = [...PATH.split(delimiter), '/usr/local/sbin', '/usr/sbin']; // servers are not on every user's PATH
const find = (...names) => names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);

/** What is left out is said aloud; where everything is required, that ends the run. */
function leaveOut(said) {
  if (REQUIRE_ALL_ENGINES === 'true') throw new Error(said);
  process.stderr.write(`\n*** ${said} ***\n\n`);
}

const BROWSER = find('chromium', 'chromium-browser', 'google-chrome');
if (!BROWSER) leaveOut('THE PAGES ARE NOT TESTED: there is no chromium on this machine.');
const REDIS = find('redis-server');
if (!REDIS) leaveOut('REDIS IS NOT TESTED: there is no redis-server on this machine.');
const OPENSSL = find('openssl');
if (!OPENSSL) leaveOut('TLS TO THE DATABASE IS NOT TESTED: there is no openssl on this machine.');
const HAPROXY = find('haproxy');
if (!HAPROXY) leaveOut('ROLLING RESTARTS ARE NOT TESTED: there is no haproxy on this machine.');
const GALERA = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera-4/libgalera_smm.so'].find(existsSync);
const shell = find('bash') && find('curl');
if (!shell) leaveOut('THE TOUR IS NOT TESTED: there is no bash or no curl on this machine.');

/** Tests that are not for an engine: a page is the same on all, so one browser is enough, and so is one Redis; the one writer is the
 * embedded engine's; the clients of payment providers know no database, and a simulated checkout is about them. */
const without = (engine) => [
  ...(engine === 'embedded' && BROWSER ? [] : ['/house/(client-)?browser\\.test\\.ts$']),
  ...(engine === 'embedded' && REDIS ? [] : ['/house/redis\\.test\\.ts$']),
  ...(engine === 'embedded'
    ? ['/house/((faults|tls)-database|failover|hosts|overload|rolling|acknowledged)\\.test\\.ts$'] // no server that could be away, no other instance
    : [
        '/house/(embedded[\\w-]*|throttle|client[\\w-]*|packages|breaking|simulate)\\.test\\.ts$',
        '/modules/provider[\\w-]*\\.test\\.ts$',
      ]),
  ...(engine === 'galera' ? [] : ['/house/cluster[\\w-]*\\.test\\.ts$']),
  ...(OPENSSL ? [] : ['/house/tls-database\\.test\\.ts$']),
  ...(HAPROXY ? [] : ['/house/rolling\\.test\\.ts$']),
  ...(shell ? [] : ['/house/tour\\.test\\.ts$']),
];

/** Every test runs once on each engine. `server` is a URL, or the program to start. */
const project = (engine, server) => ({
  displayName: engine,
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...without(engine)],
  testEnvironment: '<rootDir>/test/support/jest/environment.js',
  runtime: '<rootDir>/test/support/jest/runtime.js',
  globals: { ENGINE: engine, SERVER: server, BROWSER, REDIS, HAPROXY },
  globalSetup: `<rootDir>/test/support/${engine}.setup.ts`,
  globalTeardown: '<rootDir>/test/support/teardown.ts',
  transform: { '^.+\\.(ts|js|mjs)$': '@swc/jest', '\\.yaml$': '<rootDir>/test/support/yaml.transform.js' },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${ESM.join('|')})/)`],
});

/** What could go otherwise where each instance is at a node of its own. */
const RACES = ['endings', 'joining', 'links', 'once', 'owners', 'payments', 'refunds', 'rights', 'sessions', 'ways-in'];
const ON_CLUSTER = ['acknowledged', 'cluster', 'migrations', ...RACES.map((race) => `races-${race}`)].map(
  (name) => `**/house/${name}.test.ts`,
);

const projects = [project('embedded')];
const mariadb = TEST_DATABASE_URL || find('mariadbd', 'mysqld');
if (mariadb) projects.push(project('mariadb', mariadb));
const mariadbd = find('mariadbd'); // a cluster is always our own
if (GALERA && mariadbd && find('rsync')) {
  const galera = project('galera', mariadbd);
  projects.push({ ...galera, globals: { ...galera.globals, GALERA }, testMatch: ON_CLUSTER });
} else leaveOut('A CLUSTER IS NOT TESTED: galera-4, rsync or mariadbd is missing on this machine.');
if (TEST_MYSQL_URL) projects.push(project('mysql', TEST_MYSQL_URL));
if (!mariadb) {
  leaveOut('MariaDB IS NOT TESTED: there is no mariadbd or mysqld on this machine, and no TEST_DATABASE_URL.');
}

module.exports = {
  projects,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB', // not all of a file is let go after it
  testTimeout: 30 * 60_000, // a guard against hanging alone, and the only one: a slow machine fails no test
};
