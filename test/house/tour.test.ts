import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess } from '../support/process';

type Step = { line: string; says: string };

const ROOT = join(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** What npm runs, without building again what other tests are running. */
const simulate: string = scripts['payments:simulate'].replace('nest build && ', '');
const END = '\u001e'; // printed after each line: what came before it is what the line said

/** The lines of the tour; `# → …` at the end of one is what it says, and without that it says nothing. */
const steps: Step[] = section('Five minutes with curl')
  .flatMap((text) => [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!))
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => ({ line, says: line.split(' # → ')[1] ?? '' }));

let place: Place;
let app: AppProcess;

beforeAll(async () => {
  place = await emptyPlace();
  app = await AppProcess.start(place.folder, place.settings);
});

afterAll(async () => {
  await app?.end();
  await place?.clear();
});

test('every line of the tour in the README does what the README says', async () => {
  expect(await follow(steps)).toEqual(steps);
});

test('the tour shows a member refused and a stranger refused', () => {
  expect(steps.map(({ says }) => says)).toEqual(expect.arrayContaining(['403', '404']));
});

/** Has one bash do all of it, as if it were pasted there; a line that fails, or complains, says so. */
async function follow(all: Step[]): Promise<Step[]> {
  const url = app.url.replace('127.0.0.1', 'localhost');
  const here = (line: string) =>
    line.replace('http://localhost:3000', url).replace('npm run -s payments:simulate --', simulate);
  const script = all.map(({ line }) => `${here(line)}\nprintf "[$?]${END}"\n`).join('');
  const bash = spawn('bash', ['-c', `exec 2>&1\n${script}`], {
    cwd: ROOT,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  bash.stdout.on('data', (chunk) => (output += chunk));
  await once(bash, 'close');
  return output
    .split(END)
    .slice(0, -1)
    .map((said, i) => ({ line: all[i]!.line, says: said.replace(/\[0\]$/, '').trim() }));
}

/** What stands under a heading, up to the next one. */
function section(heading: string): string[] {
  return README.split(/^## /m).filter((text) => text.startsWith(`${heading}\n`));
}
