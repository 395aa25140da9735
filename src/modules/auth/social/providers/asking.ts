import { Logger } from '@nestjs/common';
import * as oidc from 'openid-client';
import { ask } from '../../../../http/client/ask';
import { SECOND } from '../../../../kit/clock';
import { Problem } from '../../../../kit/problem';
import { IdentityRefused, ProviderUnavailable } from './identity';

const logger = new Logger('oauth');
const TIMEOUT = 5 * SECOND;
/** A provider that does not know us has been given wrong settings: nothing that the person did. */
const OUR_FAULT = new Set(['invalid_client', 'unauthorized_client']);

/** What would go to the one origin goes to the other, a proxy say. */
export type Detour = { from: string; to: string };

/** How openid-client is to ask: briefly, and over plain HTTP only where the settings say so, which they may on loopback alone. */
export const manners = (url: string, detour?: Detour) => ({
  [oidc.customFetch]: askBy(detour),
  timeout: TIMEOUT / SECOND,
  execute: url.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
});

/** No redirect is followed: it could lead inside our network, or take the client secret along. What is no answer throws ProviderUnavailable. */
const askBy =
  (detour?: Detour): oidc.CustomFetch =>
  async (url, options) => {
    const target = detour && url.startsWith(`${detour.from}/`) ? detour.to + url.slice(detour.from.length) : url;
    const answer = await ask(target, { ...options, redirect: 'manual', within: TIMEOUT }).catch(unavailable);
    return answer.status >= 500 || answer.status === 429 || (answer.status >= 300 && answer.status < 400)
      ? unavailable(new Error(`${new URL(target).host} answered ${answer.status}`))
      : answer;
  };

function unavailable(error: unknown): never {
  logger.warn(`A provider cannot be asked: ${described(error)}`);
  throw new ProviderUnavailable();
}

/** The outcome of asking a provider. @throws ProviderUnavailable, or else IdentityRefused: what a provider says is never a fault of ours */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = causesOf(error).find((cause) => cause instanceof Problem);
    if (known) throw known;
    if (error instanceof oidc.ResponseBodyError && OUR_FAULT.has(error.error)) unavailable(error);
    logger.warn(`An identity is refused: ${described(error)}`);
    throw new IdentityRefused();
  }
}

/** openid-client wraps what went wrong, sometimes twice. */
function causesOf(error: unknown): unknown[] {
  const causes = [error];
  for (let at = error; at instanceof Error && at.cause && causes.length < 5; at = at.cause) causes.push(at.cause);
  return causes;
}

/** Whether a signature is by a key that the provider did not publish when it was asked last. */
export const isUnknownKey = (error: unknown): boolean =>
  causesOf(error).some((cause) => (cause as { code?: unknown } | null)?.code === 'OAUTH_KEY_SELECTION_FAILED');

/** Messages and codes alone: a cause may hold a token. */
const described = (error: unknown): string =>
  causesOf(error)
    .flatMap((cause) => (cause instanceof Error ? [`${cause.message} ${(cause as { code?: string }).code ?? ''}`] : []))
    .join('; ');
