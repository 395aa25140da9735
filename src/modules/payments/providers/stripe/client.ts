import type StripeClient from 'stripe';
import { ask } from '../../../../http/client/ask';
import { ProviderAway, ProviderRefused } from '../port/providers.errors';

/** Loaded with the first call: most of a start's time is the reading of files, and these are 219. */
export const stripe = () => require('stripe') as typeof StripeClient;

const PATIENCE = 10_000; // someone waits for the answer

const askStripe = ((url: string, request: RequestInit) =>
  ask(url, { ...request, redirect: 'error', within: PATIENCE })) as typeof fetch;

export function clientOf(key: string, url: string): StripeClient {
  const { hostname, port, protocol } = new URL(url);
  return new (stripe())(key, {
    host: hostname,
    port: port || (protocol === 'http:' ? 80 : 443),
    protocol: protocol === 'http:' ? 'http' : 'https',
    httpClient: stripe().createFetchHttpClient(askStripe),
    maxNetworkRetries: 2,
    telemetry: false,
  });
}

/** Names what went wrong in our words. @throws ProviderAway, ProviderRefused */
export function explain(error: unknown): never {
  if (!(error instanceof stripe().errors.StripeError)) throw error;
  const { statusCode = 0, message } = error;
  if (statusCode === 0 || statusCode >= 500 || [408, 409, 429].includes(statusCode)) throw new ProviderAway();
  const isOurs = statusCode === 401 || statusCode === 403; // a wrong key is not the caller's business
  throw new ProviderRefused(isOurs ? {} : { detail: message.slice(0, 300) });
}

/** Stripe understood, and would not: there is no such thing, or it does not stand so that this could be done to it. */
export const isRefused = (error: unknown): boolean => error instanceof stripe().errors.StripeInvalidRequestError;
