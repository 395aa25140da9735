import { AsyncLocalStorage } from 'node:async_hooks';

/** What is kept of a User-Agent, in characters. */
export const MAX_AGENT = 255;

/** Where a request comes from, and who turned out to make it. Times and places of the activity log come from here. */
export type RequestContext = {
  requestId: string;
  ip: string;
  userAgent: string;
  userId?: string;
  /** Whose account it is about, where that is known before anyone is: for the log. */
  accountId?: string;
  /** The caller's own address, while nobody has proved it: nothing that comes of the request is mailed to any other. */
  unproved?: string;
};

const current = new AsyncLocalStorage<RequestContext>();

/** The request that the current call serves; undefined in a job or a command. */
export const requestContext = (): RequestContext | undefined => current.getStore();

/** Notes whose account the current request is about: a sign-in that fails has no caller. */
export function concerning(accountId?: string): void {
  const here = current.getStore();
  if (here) here.accountId = accountId;
}

/** Runs `work`, and all that it starts, as part of a request; as part of none for undefined. */
export const inRequest = <T>(context: RequestContext | undefined, work: () => T): T =>
  current.run(context as RequestContext, work);
