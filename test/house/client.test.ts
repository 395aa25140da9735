import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess } from '../support/process';

const ROOT = join(__dirname, '../..');
const CLIENT = join(ROOT, 'client');
const run = promisify(execFile);

/** The blocks of TypeScript that stand in a text. */
const blocks = (text: string) => [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block!);
const section = (heading: string) =>
  readFileSync(join(ROOT, 'README.md'), 'utf8').split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
const tour = blocks(section('The same in TypeScript')).join('\n');
const examples = blocks(readFileSync(join(CLIENT, 'README.md'), 'utf8'));

/** As someone has it who installed the client. */
const CONSUMER = {
  compilerOptions: {
    strict: true,
    skipLibCheck: true,
    noUncheckedIndexedAccess: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: [],
    outDir: 'out',
  },
};

/** What the README imports that is not here. */
const EXPO = `
declare module 'expo-secure-store' {
  export function getItemAsync(key: string): Promise<string | null>;
  export function setItemAsync(key: string, value: string): Promise<void>;
  export function deleteItemAsync(key: string): Promise<void>;
}
declare module 'expo/fetch' {
  export function fetch(url: string, init?: RequestInit): Promise<Response>;
}
`;

let place: Place;
let app: AppProcess;

beforeAll(async () => {
  if (!existsSync(join(CLIENT, 'dist'))) throw new Error('There is no client/dist: run `npm run client` first.');
  place = await emptyPlace();
  const write = (file: string, text: string) => writeFileSync(join(place.folder, file), text);
  mkdirSync(join(place.folder, 'node_modules'));
  symlinkSync(CLIENT, join(place.folder, 'node_modules/tenantry-client'));
  write('package.json', JSON.stringify({ type: 'module' }));
  write('expo.d.ts', EXPO);
  write('tsconfig.json', JSON.stringify(CONSUMER));
  app = await AppProcess.start(place.folder, place.settings);
  write('tour.ts', tour.replace('http://localhost:3000', app.url));
  examples.forEach((example, i) => write(`example-${i}.ts`, `${example}export {};\n`));
  copyFileSync(join(CLIENT, 'test/session.ts'), join(place.folder, 'session.ts'));
});

afterAll(async () => {
  await app?.end();
  await place?.clear();
});

/** What a program says, line by line; both streams, so that a failure is seen. */
async function said(program: string, ...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await run(process.execPath, [program, ...args], { cwd: place.folder }).catch(
    (error) => error,
  );
  return `${stdout}${stderr}`.split('\n').filter(Boolean);
}

test('the tour, the examples and the stories compile, and what is wrong does not', async () => {
  expect(examples.length).toBeGreaterThan(8);
  expect(await said(join(ROOT, 'node_modules/typescript/bin/tsc'))).toEqual([]);
});

test('every line of the tour says what the README says', async () => {
  const promised = [...tour.matchAll(/\/\/ → (.+)$/gm)].map(([, says]) => says);
  expect(promised).toEqual(expect.arrayContaining(['403 forbidden', 'Admin']));
  expect(await said('out/tour.js')).toEqual(promised);
});

test('the client refreshes tokens, and says what was refused', async () => {
  expect(await said('out/session.js', app.url)).toEqual([
    'eleven requests with an expired token are answered: 11',
    'with one refresh: 1 that is told: true',
    'and each is sent again once: true',
    'a body, too: Annie',
    'a pair that was kept goes on: annie@example.com',
    'a session that ended cannot be refreshed: 401 refresh-invalid',
    'a wrong password is no expired token: 401 wrong-credentials',
    expect.stringMatching(/^what is wrong is named: #\/email(,#\/password)? string$/),
    'a proxy that answers for it: 503 unreadable 7',
    'nothing is undefined:  the organization is named: an-id',
  ]);
});
