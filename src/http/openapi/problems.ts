import { everyProblem, type ProblemClass } from '../../kit/problem';
import { RequestInFlight } from '../idempotency/idempotency';
import { type HeaderName, headersOf } from './headers';

const REQUEST_ID = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

/** The body of every error (RFC 9457). */
export const problemSchema = () => ({
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'instance'],
  properties: {
    type: { type: 'string', example: '/problems/not-found' },
    title: { type: 'string', description: 'For people.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: {
      type: 'string',
      enum: everyProblem().map(({ code }) => code),
      description: 'Stable; for programs. There will be more: treat one that you do not know as its `status` says.',
      example: 'not-found',
    },
    detail: { type: 'string', description: 'More about this occurrence.' },
    instance: { type: 'string', description: 'The id of the request, as in our logs.' },
    organizationId: {
      type: 'string',
      format: 'uuid',
      description: 'Which organization it is about, where you cannot know.',
    },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string', example: '#/email' }, detail: { type: 'string' } },
      },
    },
  },
});

/** The answers that are problems: one for each set of codes that an operation may give with a status, named for its codes. */
export class ProblemResponses {
  private readonly responses: Record<string, object> = {};
  private readonly given = new Set<ProblemClass>();

  /** @param name else it is `SlugTaken` or `ForbiddenOrOrganizationSuspended` */
  refer(problems: ProblemClass[], name?: string) {
    const sorted = [...problems].sort((one, other) => (one.code < other.code ? -1 : 1));
    const named = name ?? sorted.map(({ code }) => pascal(code)).join('Or');
    this.responses[named] ??= responseOf(sorted);
    sorted.forEach((problem) => this.given.add(problem));
    return { $ref: `#/components/responses/${named}` };
  }

  /** By name, so that the contract does not change with the order of its routes; and an example of each problem. */
  components() {
    const examples = everyProblem()
      .filter((problem) => this.given.has(problem))
      .map((problem) => [problem.code, exampleOf(problem)]);
    const responses = Object.entries(this.responses).sort(([one], [other]) => (one < other ? -1 : 1));
    return { responses: Object.fromEntries(responses), examples: Object.fromEntries(examples) };
  }
}

const exampleOf = ({ code, title, status }: ProblemClass) => ({
  value: { type: `/problems/${code}`, title, status, code, instance: REQUEST_ID },
});

const responseOf = (problems: ProblemClass[]) => ({
  description: problems.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
  headers: headersOf(...headersFor(problems)),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object', properties: { code: { type: 'string', enum: problems.map(({ code }) => code) } } },
        ],
      },
      examples: Object.fromEntries(problems.map(({ code }) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

/** 401 is never without WWW-Authenticate (RFC 9110, 11.6.1). */
const headersFor = (problems: ProblemClass[]): HeaderName[] => [
  ...(problems.some(({ status }) => status === 401) ? ['WWW-Authenticate' as const] : []),
  ...(problems.some((one) => one.status === 429 || one.status === 503 || one === RequestInFlight)
    ? ['Retry-After' as const]
    : []),
];

const pascal = (code: string): string => code.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
