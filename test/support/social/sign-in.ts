import type { SocialLoginStart } from '../../../src/modules/auth/social/social.api';
import { freshAddress } from '../fresh';
import type { House } from '../house';
import type { Visitor } from '../visitor';
import { type Forgery, Issuer, type Person } from './issuer';

/** On the APP_URL that a test has. */
export const REDIRECT_URI = 'http://127.0.0.1:3000/signed-in';

/** An issuer for tests that are about something else. */
export const standing = new Issuer('standing');

/** Someone at a provider whose address it has seen proved. */
export function someone(more: Partial<Person> = {}): Person & { email: string } {
  const email = freshAddress('ada');
  return { sub: `subject-of-${email}`, email, email_verified: true, name: 'Ada Lovelace', ...more };
}

export async function begin(visitor: Visitor, provider: string, redirectUri = REDIRECT_URI): Promise<SocialLoginStart> {
  const query = new URLSearchParams({ redirectUri });
  return (await visitor.get(`/auth/social-login/${provider}?${query}`)).expect(200);
}

/** What a browser sends that went to an issuer, where the person agreed. */
export async function proofOf(visitor: Visitor, issuer: Issuer, person: Person, forgery?: Forgery) {
  const { authorizationUrl, state, codeVerifier } = await begin(visitor, issuer.id);
  return { ...issuer.consent(authorizationUrl, person, forgery), state, codeVerifier, redirectUri: REDIRECT_URI };
}

/** The whole way, to the answer. */
export async function signInBy(visitor: Visitor, issuer: Issuer, person: Person, forgery?: Forgery) {
  return visitor.post(`/auth/social-login/${issuer.id}`, await proofOf(visitor, issuer, person, forgery));
}

/** The code that was mailed to someone who is signed in, so that they prove that it is them. */
export async function mailCodeFor(house: House, visitor: Visitor): Promise<string> {
  (await visitor.post('/auth/step-up/mail-code')).expect(202);
  const mails = await house.mailsTo(visitor.user.email);
  return mails.flatMap(({ text }) => /^\d{8}$/m.exec(text) ?? [])[0]!;
}
