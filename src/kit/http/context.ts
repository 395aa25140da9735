import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a request comes from, and who turned out to make it. Times and places of the activity log come from here. */
export type RequestContext = { requestId: string; ip: string; userAgent: string; userId?: string };

const current = new AsyncLocalStorage<RequestContext>();

/** The request that the current call serves; undefined in a job or a command. */
export const requestContext = (): RequestContext | undefined => current.getStore();

/** Runs `work`, and all that it starts, as part of a request; as part of none for undefined. */
export const inRequest = <T>(context: RequestContext | undefined, work: () => T): T =>
  current.run(context as RequestContext, work);
