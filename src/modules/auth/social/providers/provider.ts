import type { Identity } from './identity';

/** What the browser is sent to the provider with. */
export type Request = { redirectUri: string; state: string; nonce: string; codeChallenge: string };
/** What the browser came back with. `iss` is RFC 9207's, where the provider sends one. */
export type Return = {
  code: string;
  codeVerifier: string;
  redirectUri: string;
  state: string;
  nonce: string;
  iss?: string;
};

/** Someone who can tell who a person is. Everything here may throw IdentityRefused or ProviderUnavailable. */
export interface Provider {
  readonly id: string;
  readonly name: string;

  /** Where the browser is to go. */
  authorizationUrl(request: Request): Promise<string>;

  /** Trades a code for the identity behind it. */
  identify(back: Return): Promise<Identity>;

  /** Reads an ID token that an app got by itself; absent where the provider issues none. */
  identifyByToken?(idToken: string, nonce: string): Promise<Identity>;
}
