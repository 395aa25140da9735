/** What the API said. */
export class Answer {
  constructor(
    readonly status: number,
    readonly headers: Record<string, unknown>,
    readonly text: string,
  ) {}

  /** The media type alone: `application/json`. */
  get type(): string {
    return String(this.headers['content-type'] ?? '')
      .split(';')[0]!
      .trim();
  }

  get body(): any {
    return /[/+]json$/.test(this.type) ? JSON.parse(this.text) : this.text || undefined;
  }

  /** The body, once the status is as said. */
  expect(status: number): any {
    if (this.status !== status) throw complaint(`Expected ${status}, got ${this.status}: ${this.text}`, this.expect);
    return this.body;
  }

  /** The problem, once its status and code are as said. */
  problem(status: number, code: string): any {
    const { status: got, type, body } = this;
    const isIt = got === status && type === 'application/problem+json' && body.code === code;
    if (!isIt) throw complaint(`Expected ${status} ${code}, got ${got}: ${this.text}`, this.problem);
    return body;
  }
}

/** That two answers are the same problem to whoever sees them; each names its own request. */
export function sameProblem(one: Answer, other: Answer): void {
  const [a, b] = [one, other].map((answer) => ({ ...answer.problem(answer.status, answer.body.code), instance: '' }));
  expect(a).toEqual(b);
  expect(one.status).toBe(other.status);
}

/** An error that points at the test, not at this file. */
function complaint(message: string, below: Function): Error {
  const error = new Error(message);
  Error.captureStackTrace(error, below);
  return error;
}
