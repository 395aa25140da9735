import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
const CLIENT = join(ROOT, 'client');
const run = promisify(execFile);
const own = JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8'));

let folder: string;
let files: string[];

/** The package as `npm pack` leaves it, unpacked into a project of someone's. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-client-'));
  const pack = ['pack', '--ignore-scripts', '--json', `--pack-destination=${folder}`]; // `npm run client` has run
  const [packed] = JSON.parse((await run('npm', pack, { cwd: CLIENT })).stdout);
  files = packed.files.map(({ path }: { path: string }) => path);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'tenantry-client'), { recursive: true });
  const tar = ['xzf', join(folder, packed.filename), '--strip-components=1', '-C', join(modules, 'tenantry-client')];
  await run('tar', tar);
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers'])
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program says, both streams, so that a failure is seen. */
const said = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await run(process.execPath, args, { cwd: folder }).catch((error) => error);
  return `${stdout}${stderr}`.trim();
};

test('the package holds what it names, its licence and where it comes from', () => {
  const { import: esm, require: cjs } = own.exports['.'];
  const named = [own.main, own.types, ...Object.values(esm), ...Object.values(cjs)] as string[];
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', ...named.map((file) => file.slice(2))]));
  expect(files.filter((file) => !/^(LICENSE|README\.md|package\.json|dist\/(esm|cjs)\/.+)$/.test(file))).toEqual([]);
  expect(own).toMatchObject({ license: 'MIT', repository: { type: 'git', directory: 'client' } });
  expect(Object.keys(own.dependencies)).toEqual(['openapi-fetch']);
});

test('every file of code has a map with its source in it', () => {
  const code = files.filter((file) => file.endsWith('.js'));
  expect(code.length).toBeGreaterThan(10);
  for (const file of code) {
    const map = JSON.parse(readFileSync(join(folder, 'node_modules/tenantry-client', `${file}.map`), 'utf8'));
    expect(map.sourcesContent[0].length).toBeGreaterThan(0);
  }
});

const USE =
  'const { get } = createTenantry({ baseUrl: "http://localhost" }); console.log(typeof get, ProblemError.name);';

test.each([
  ['an ES module', 'use.mjs', `import { createTenantry, ProblemError } from 'tenantry-client'; ${USE}`],
  ['CommonJS', 'use.cjs', `const { createTenantry, ProblemError } = require('tenantry-client'); ${USE}`],
])('%s can use it', async (_, file, code) => {
  writeFileSync(join(folder, file), code);
  expect(await said(file)).toBe('function ProblemError');
});

const TYPED = `
import { createTenantry, browserStorage, ProblemError, type Organization } from 'tenantry-client';
async function firstOf(): Promise<Organization | undefined> {
  const tenantry = createTenantry({ baseUrl: 'http://localhost', storage: browserStorage() });
  for await (const { data } of tenantry.pages('/organizations')) return data[0];
  // @ts-expect-error -- no list
  tenantry.pages('/auth/me');
  // @ts-expect-error -- a storage, or tokens of one's own
  createTenantry({ baseUrl: '', storage: browserStorage(), accessToken: '' });
  for await (const { title } of tenantry.events()) throw new ProblemError(new Response(), title.length);
  return undefined;
}
void firstOf();
`;

test.each([
  ['node16', 'node16', 'use.mts'],
  ['node16', 'node16', 'use.cts'],
  ['esnext', 'bundler', 'use.ts'],
])('it has types for module %s, resolved as %s, in %s', async (module, moduleResolution, file) => {
  const compilerOptions = {
    module,
    moduleResolution,
    strict: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: [],
    noEmit: true,
  };
  writeFileSync(join(folder, file), TYPED);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  expect(await said(join(ROOT, 'node_modules/typescript/bin/tsc'))).toBe('');
});
