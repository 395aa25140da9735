import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '../../src/config/config';

const ROOT = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const all = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map(([, found]) => found!);

const PAGES = [
  'README.md',
  'client/README.md',
  'CONTRIBUTING.md',
  'STYLE.md',
  'docs/operating.md',
  'docs/payments.md',
  'docs/security.md',
  'docs/extending.md',
  'docs/social-login.md',
];

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  test('links to files that are there', () => {
    const files = all(/\]\(([^)#]+)/g, text).filter((link) => !/^https?:/.test(link));
    expect(files.filter((file) => !existsSync(join(ROOT, page, '..', file)))).toEqual([]);
  });

  test('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(all(/npm run ([a-z:]+)/g, text).filter((script) => !(script in scripts))).toEqual([]);
  });
});

test('the README names settings that there are, and shows the defaults that they have', () => {
  const rows = all(/^\| (`[A-Z_]+`.*) \|$/gm, read('README.md')).map((row) =>
    row.split('|').map((cell) => cell.trim()),
  );
  const named = rows.flatMap(([names, defaults]) => {
    const values = all(/`([^`]+)`/g, defaults!);
    return all(/`([A-Z_]+)`/g, names!).map((name, i) => [name, values[i]] as const);
  });

  expect(named.length).toBeGreaterThan(10);
  const example = read('.env.example');
  for (const [name, value] of named) {
    expect(Object.keys(settings)).toContain(name);
    const set = new RegExp(`^${name}=(.+)$`, 'm').exec(example)?.[1];
    if (set && name !== 'SIGNUP_POLICY') expect([name, value]).toEqual([name, set]); // its default depends on NODE_ENV
  }
});
