import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { User } from '../../src/modules/users/users.api';
import { Answer } from './answer';
import { checkContract } from './contract';

export const PASSWORD = 'seven lanterns over a quiet harbour';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD';
type Headers = Record<string, string>;
type Body = object | string;
type Session = { accessToken: string; refreshToken: string; user: User; organization?: { id: string } };

const isEndless = /\/stream(\?|$)/;
const answerOf = ({ statusCode, headers, payload }: { statusCode: number; headers: object; payload: string }) =>
  new Answer(statusCode, { ...headers }, payload);

let arrivals = 0;

/** Someone who calls the API, from a device of their own. In a path, `:org` stands for their organization and `:me` for themselves. */
export class Visitor {
  user: User;
  organizationId: string;
  accessToken?: string;
  refreshToken: string;
  ip = '127.0.0.1';
  readonly number = ++arrivals;
  userAgent = `visitor-${this.number}`;

  constructor(private readonly app: NestFastifyApplication) {}

  get = (path: string, headers?: Headers) => this.call('GET', path, { headers });
  post = (path: string, body?: Body, headers?: Headers) => this.call('POST', path, { body, headers });
  put = (path: string, body?: Body, headers?: Headers) => this.call('PUT', path, { body, headers });
  delete = (path: string, body?: Body, headers?: Headers) => this.call('DELETE', path, { body, headers });

  /** Any call. A text is sent as it is. `contract: false` for what openapi.yaml need not know, such as a route that is not there. */
  async call(
    method: Method,
    path: string,
    { body, headers, contract = true }: { body?: Body; headers?: Headers; contract?: boolean } = {},
  ) {
    const url = path.replace(/:org\b/, this.organizationId ?? ':org').replace(/:me\b/, this.user?.id ?? ':me');
    const own: Headers = { 'user-agent': this.userAgent };
    if (this.accessToken) own.authorization = `Bearer ${this.accessToken}`;
    if (this.organizationId) own['organization-id'] = this.organizationId; // for routes without `{orgId}`
    const request = { method, url, payload: body, headers: { ...own, ...headers }, remoteAddress: this.ip };
    const answer = isEndless.test(url) ? await this.glance(request) : answerOf(await this.app.inject(request));
    if (contract) checkContract(method, url, answer);
    return answer;
  }

  /** What an answer that goes on begins with; then the visitor leaves. A problem is read to its end. */
  private async glance(request: object): Promise<Answer> {
    const response = await this.app.inject({ ...request, payloadAsStream: true });
    const isProblem = response.statusCode >= 400;
    let text = '';
    for await (const chunk of response.stream()) {
      text += String(chunk);
      if (!isProblem) break;
    }
    response.raw.res.destroy();
    return new Answer(response.statusCode, response.headers, text);
  }

  /** Signs in by password and goes on as that person. */
  async signIn(email: string, password = PASSWORD): Promise<this> {
    return this.become((await this.post('/auth/login', { email, password })).expect(200));
  }

  /** Proves the mailbox by a mailed link, which gives a session where sign-up did not. */
  async verify(token: string): Promise<this> {
    const answer = await this.post('/auth/verify-email', { token });
    if (answer.status === 204) return Object.assign(this, { user: { ...this.user, emailVerified: true } });

    this.become(answer.expect(200));
    const { memberships } = (await this.get('/auth/me')).expect(200);
    return Object.assign(this, { organizationId: memberships[0].organization.id });
  }

  /** Accepts an invite and moves to its organization. */
  async join(token: string): Promise<this> {
    const { organization } = (await this.post('/invites/accept', { token })).expect(200);
    return Object.assign(this, { organizationId: organization.id });
  }

  /** Goes on with the session that an answer gave. */
  become({ accessToken, refreshToken, user, organization }: Session): this {
    Object.assign(this, { accessToken, refreshToken, user });
    if (organization) this.organizationId = organization.id;
    return this;
  }
}
