import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NotJson } from '../../kit/problem';
import { Configure, configOf } from '../contract/route-config';

/** The route may be posted to as a form, too, as mail clients do (RFC 8058). What the form says is not read. */
export const TakesForm = () => Configure({ takesForm: true });

/** Forms are refused everywhere else: a page of another site could send one without asking. */
export function takeForms(server: FastifyInstance): void {
  server.addContentTypeParser(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    { parseAs: 'string' },
    (request: FastifyRequest, _text: string, done: (error: Error | null, body?: undefined) => void) =>
      done(configOf(request).takesForm ? null : new NotJson()),
  );
}
