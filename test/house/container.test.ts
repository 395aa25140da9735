import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escape } from 'mysql2';
import { parse } from 'yaml';
import { connect } from '../../src/data-source';
import { loadConfig } from '../../src/config/config';
import { testOnServers, workerSettings } from '../support/engines';

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');
const compose: { services: Record<string, { image?: string; environment: Record<string, string> }> } = parse(
  read('compose.yaml'),
);
const { app, ...beside } = compose.services;

/** What a container gets, as Docker Compose puts it in: `${NAME:-what if it is unset}`, to the letter. */
const environment = (given: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(app!.environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+):-([^}]*)\}/g, (_, wanted, otherwise) => given[wanted] || otherwise),
    ]),
  );

const ODD = ['p@ss#w%rd/', '100%40', ':?&=+ ;', '"\'\\`$', '[lantern]', 'Хлеб🔑', '@', '%'];

describe('compose.yaml', () => {
  test.each(['tenantry', ...ODD])('takes %j as MYSQL_PASSWORD', (MYSQL_PASSWORD) => {
    const url = new URL(loadConfig(environment({ MYSQL_PASSWORD })).DATABASE_URL);
    expect(decodeURIComponent(url.password)).toBe(MYSQL_PASSWORD);
    expect(url).toMatchObject({ host: 'mysql', pathname: '/tenantry', username: 'tenantry', search: '', hash: '' });
  });

  test('names one version of every image', () => {
    for (const { image } of Object.values(beside)) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
  });
});

describe('the Dockerfile', () => {
  const file = read('Dockerfile');

  test('builds on the Node of .nvmrc, and on no other image', () => {
    const images = [...file.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(images).toEqual([`node:${read('.nvmrc').trim()}-slim`, 'base', 'base']);
  });

  test('installs once', () => {
    expect(file.match(/npm (ci|install)/g)).toEqual(['npm ci']);
  });
});

testOnServers('DATABASE_PASSWORD opens what it is the password of, whatever is in it', async () => {
  const { DATABASE_URL } = workerSettings();
  const owner = await connect(loadConfig({ NODE_ENV: 'test', DATABASE_URL }));
  const opened = async (password: string) => {
    const url = Object.assign(new URL(DATABASE_URL!), {
      username: 'odd',
      password: 'of another',
      pathname: '/information_schema',
    });
    const source = await connect(loadConfig({ NODE_ENV: 'test', DATABASE_URL: url.href, DATABASE_PASSWORD: password }));
    await source.destroy();
  };
  try {
    for (const password of ODD) {
      await owner.query(`CREATE USER odd@'%' IDENTIFIED BY ${escape(password)}`);
      await opened(password);
      await expect(opened(`${password}x`)).rejects.toThrow(/^DATABASE_URL: no connection to .*Access denied/);
      await owner.query("DROP USER odd@'%'");
    }
  } finally {
    await owner.query("DROP USER IF EXISTS odd@'%'");
    await owner.destroy();
  }
});
