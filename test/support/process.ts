import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Settings } from './engines';
import { eventually } from './eventually';

const BUILT = join(__dirname, '../../dist/src');

/** What a process of ours came to. */
export type End = { code: number | null; output: string };

/** The built app as a process of its own, as `npm start` leaves it. Knows nothing of this process's environment. */
export class AppProcess {
  output = '';
  private readonly ended: Promise<number | null>;

  private constructor(
    readonly url: string,
    readonly child: ChildProcess,
  ) {
    const listen = (chunk: Buffer) => void (this.output += String(chunk));
    child.stdout!.on('data', listen);
    child.stderr!.on('data', listen);
    this.ended = once(child, 'close').then(([code]) => code);
  }

  /** In `folder`, on a free port unless one is set; once it is ready. @throws Error with all it said, when it ends before. */
  static async start(folder: string, settings: Settings = {}): Promise<AppProcess> {
    const { PORT = String(await freePort()) } = settings;
    const app = new AppProcess(`http://127.0.0.1:${PORT}`, launch('main', [], folder, { ...settings, PORT }));
    await app.untilReady();
    return app;
  }

  /** Sends a signal and waits for the end; tells the exit code, null for a process that was killed. */
  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  private get hasEnded(): boolean {
    return (this.child.exitCode ?? this.child.signalCode) !== null;
  }

  private async untilReady(): Promise<void> {
    const answers = () =>
      fetch(`${this.url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(async () => this.hasEnded || answers());
    if (this.hasEnded) throw new Error(`The app did not become ready. It said:\n${this.output}`);
  }
}

/** Runs a built program (`main`, `cli/staff` …) to its end. */
export async function run(program: string, args: string[], folder: string, settings: Settings = {}): Promise<End> {
  const child = launch(program, args, folder, settings);
  let output = '';
  child.stdout!.on('data', (chunk) => (output += chunk));
  child.stderr!.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}

function launch(program: string, args: string[], folder: string, settings: Settings): ChildProcess {
  const file = join(BUILT, `${program}.js`);
  if (!existsSync(file)) throw new Error(`There is no ${file}: run \`npm run build\` first.`);
  const env = { PATH: process.env.PATH, ...settings };
  return spawn(process.execPath, [file, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Below the range from which outgoing connections take theirs: nobody takes it before the app does. */
export async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  await new Promise((closed) => server.close(closed));
  return isFree ? port : freePort();
}
