import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from './eventually';
import { freePort } from './process';

/** HAProxy before instances of the app, with two doors to the same ones: `strict` never asks twice, `patient` asks another. */
export class Balancer {
  private constructor(
    readonly doors: { patient: string; strict: string },
    private readonly socket: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(program: string, folder: string, apps: string[]): Promise<Balancer> {
    const [patient, strict] = [await freePort(), await freePort()];
    const [file, socket] = [join(folder, 'haproxy.cfg'), join(folder, 'haproxy.socket')];
    writeFileSync(file, configuration(socket, { patient, strict }, apps));
    const child = spawn(program, ['-db', '-f', file], { stdio: 'ignore' });
    const doors = { patient: `http://127.0.0.1:${patient}`, strict: `http://127.0.0.1:${strict}` };
    const balancer = new Balancer(doors, socket, child);
    for (const nth of apps.keys()) await balancer.until(nth, 'UP');
    return balancer;
  }

  /** Until both doors have found an instance to be up, or down and without anything of theirs under way. */
  async until(nth: number, state: 'UP' | 'DOWN'): Promise<void> {
    await eventually(async () => {
      const seen = (await this.seen()).filter(({ svname }) => svname === `app-${nth}`);
      const isSo = ({ status, scur, check_status }: Record<string, string>) =>
        check_status?.startsWith('L7') && status === state && (state === 'UP' || scur === '0');
      return seen.length === 2 && seen.every(isSo);
    });
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  /** What HAProxy says of each server: its table of statistics. */
  private async seen(): Promise<Record<string, string>[]> {
    const asked = connect(this.socket).on('error', () => undefined);
    asked.end('show stat\n');
    const [head = '', ...lines] = (await text(asked).catch(() => '')).trim().split('\n');
    const names = head.replace(/^# /, '').split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])));
  }
}

const configuration = (socket: string, doors: Record<string, number>, apps: string[]) => `
global
  stats socket ${socket} mode 600
defaults
  mode http
  timeout connect 10s
  timeout client 10m
  timeout server 10m
  option httpchk
  http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host app
  default-server check inter 200ms fall 2 rise 1
${Object.entries(doors)
  .map(
    ([name, port]) => `
frontend ${name}
  bind 127.0.0.1:${port}
  default_backend ${name}
backend ${name}
  ${name === 'strict' ? 'retries 0' : 'retries 3\n  option redispatch'}
${apps.map((url, i) => `  server app-${i} ${new URL(url).host}`).join('\n')}`,
  )
  .join('\n')}
`;
