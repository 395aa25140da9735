import { ask } from '../../../../http/client/ask';
import { BadRequest } from '../../../../kit/problem';
import { ProviderAway, ProviderRefused } from './providers.errors';

const PATIENCE = 10_000; // someone waits for the answer

/** A provider's JSON API. It follows no redirect, for the key would go along. */
export class ProviderApi {
  constructor(
    private readonly origin: string,
    private readonly headers: Record<string, string>,
    private readonly notThere = [404],
  ) {}

  /** @returns undefined for what is not there. @throws ProviderAway, ProviderRefused */
  async get<T>(path: string): Promise<T | undefined> {
    const answer = await this.call('GET', path);
    return this.notThere.includes(answer.status) ? undefined : read(answer);
  }

  /** @throws ProviderAway (then it may have been done all the same), ProviderRefused */
  async send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
    return read(await this.call(method, path, body));
  }

  private async call(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
    try {
      const answer = await ask(this.origin + path, {
        method,
        headers: this.headers,
        body: body && JSON.stringify(body),
        redirect: 'error',
        within: PATIENCE,
      });
      return { status: answer.status, text: await answer.text() };
    } catch {
      throw new ProviderAway();
    }
  }
}

function read<T>({ status, text }: { status: number; text: string }): T {
  if (status >= 500 || status === 408 || status === 429) throw new ProviderAway();
  const body = parsed(text);
  if (status >= 400) throw new ProviderRefused({ detail: saidIn(body) });
  if (body === undefined) throw new ProviderAway();
  return body as T;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a gateway's own page
  }
}

/** What a webhook brought. @throws BadRequest for anything but a JSON object. */
export function jsonIn(body: Buffer): object {
  const json = parsed(body.toString('utf8'));
  if (typeof json !== 'object' || json === null) throw new BadRequest();
  return json;
}

/** JSON:API's `errors`, or Flutterwave's `message`. */
function saidIn(body: unknown): string | undefined {
  const { errors, message } = (body ?? {}) as { errors?: { detail?: string }[]; message?: string };
  const said = errors?.[0]?.detail ?? message;
  return typeof said === 'string' ? said.slice(0, 300) : undefined;
}
