import type { FastifyInstance } from 'fastify';

/** Which methods there are for a path, for answers to one that there is not (RFC 9110, 15.5.6). */
export class Allowed {
  private readonly routes: { steps: string[]; method: string }[] = [];

  /** Learns of every route that is added from now on, whoever adds it. */
  constructor(server: FastifyInstance) {
    server.addHook('onRoute', ({ url, method }) => {
      for (const one of [method].flat()) if (url !== '*') this.routes.push({ steps: stepsOf(url), method: one });
    });
  }

  /** As the header Allow lists them; undefined where nothing is. */
  at(url: string): string | undefined {
    const steps = stepsOf(url.split('?')[0]!);
    const methods = this.routes.filter((route) => leadsTo(route.steps, steps)).map(({ method }) => method);
    return methods.length > 0 ? [...new Set(methods)].sort().join(', ') : undefined;
  }
}

const stepsOf = (path: string): string[] => path.replace(/\/$/, '').split('/');

function leadsTo(pattern: string[], steps: string[]): boolean {
  if (pattern.at(-1) === '*') return pattern.slice(0, -1).every((step, i) => step === steps[i]);
  return pattern.length === steps.length && pattern.every((step, i) => step.startsWith(':') || step === steps[i]);
}
