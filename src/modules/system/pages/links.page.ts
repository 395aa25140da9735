import type { Config } from '../../../config/config';
import type { LinkPurpose } from '../../../mail/templates/links';
import { element, hashOf, type Html, html, page, STYLE } from './html';
import { LINKS_SCRIPT } from './links.script';

const LOOKS = `${STYLE}
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.25rem }
dt { color: var(--soft) }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
details { margin: 1.25rem 0; padding-top: 1rem; border-top: 1px solid var(--line) }
summary { margin-bottom: 1rem; cursor: pointer }
#result:focus { outline: none }
#result p { margin: 0 }
#result p:first-child { font-weight: 600 }
#result:not(:empty) { margin-bottom: 1rem }
#session p { margin: 0 }
.brand { margin-bottom: 1rem; font-weight: 700 }
[aria-invalid] { border-color: var(--bad) !important }
.fault { margin: -.75rem 0 1rem; color: var(--bad); font-size: .875rem }
.good p:first-child { color: var(--good) }
.bad p:first-child { color: var(--bad) }
`;

export const LINKS_POLICY = `default-src 'none'; script-src ${hashOf(LINKS_SCRIPT)}; style-src ${hashOf(LOOKS)}; img-src data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`;

/** The method is said for the day the script does not run: what was typed must not end up in an address. */
const form = (post: string, done: string, button: string, fields: Html | string = '', looks = '') =>
  html`<form method="post" data-post="${post}" data-done="${done}">
    ${fields}<button class="${looks}">${button}</button>
  </form>`;

const newPassword = (label: string, name = 'password') =>
  html` <label
      >${label}
      <input
        id="${name}"
        name="${name}"
        type="password"
        autocomplete="new-password"
        minlength="8"
        required
        aria-describedby="rule"
    /></label>
    <label class="check"><input type="checkbox" data-shows="#${name}" /> Show it</label>
    <p class="soft" id="rule">At least 8 characters. A few words in a row make a good one.</p>`;

const INVITE = html` <div data-preview="/invites/preview">
  <dl>
    <dt>Organization</dt>
    <dd data-fill="organizationName"></dd>
    <dt>Role</dt>
    <dd data-fill="role"></dd>
    <dt>Invited by</dt>
    <dd data-fill="inviterName"></dd>
    <dt>Good</dt>
    <dd data-fill="expiresAt"></dd>
  </dl>
  ${form(
    '/invites/accept',
    'Welcome! Your account is made and you have joined.',
    'Create my account and join',
    html` <label>Email <input type="email" autocomplete="username" readonly data-fill="email" /></label>
      <label>Name <input name="name" autocomplete="name" maxlength="120" required /></label>
      ${newPassword('Password')}`,
  )}
  <details>
    <summary>I have an account</summary>
    ${form(
      '/invites/accept',
      'You have joined.',
      'Sign in and join',
      html` <label>Email <input name="login" type="email" autocomplete="username" readonly data-fill="email" /></label>
        <label
          >Your password
          <input name="loginPassword" type="password" autocomplete="current-password" maxlength="256" required
        /></label>`,
    )}
  </details>
  ${form('/invites/decline', 'The invite is declined. Nothing else will happen.', 'Decline', '', 'plain')}
</div>`;

const PAGES: Record<LinkPurpose, { title: string; about: string; ready: Html }> = {
  'verify-email': {
    title: 'Confirm your address',
    about: 'Press the button to confirm that this mailbox is yours.',
    ready: form('/auth/verify-email', 'Your address is confirmed.', 'Confirm my address'),
  },
  'magic-link': {
    title: 'Sign in',
    about: 'Press the button to sign in on this device. The link works once.',
    ready: form('/auth/magic-link/verify', 'You are signed in.', 'Sign me in'),
  },
  'reset-password': {
    title: 'Choose a new password',
    about: 'Saving it signs you out everywhere else.',
    ready: form(
      '/auth/reset-password/confirm',
      'Your new password is saved. Sign in with it.',
      'Save my new password',
      newPassword('New password'),
    ),
  },
  waitlist: {
    title: 'Join the waiting list',
    about: 'Press the button to confirm that you want to wait in line.',
    ready: form(
      '/public/waitlist/confirm',
      'You are on the list. We write to you when it is your turn.',
      'Confirm my place',
    ),
  },
  unsubscribe: {
    title: 'Unsubscribe',
    about: 'Press the button to get no more of these mails. Mails that you ask for yourself still reach you.',
    ready: form('/messages/unsubscribe', 'You are unsubscribed.', 'Unsubscribe'),
  },
  invite: { title: 'You are invited', about: 'Nothing happens until you join or decline.', ready: INVITE },
};

/** What is shown where the server refuses with a problem of this code. */
const WHEN_REFUSED: Partial<Record<LinkPurpose, Html>> = {
  invite: html` <div data-when="invite-expired" hidden>
    ${form('/invites/renew', 'A fresh link is on its way to the invited address.', 'Send me a fresh link')}
  </div>`,
  'verify-email': html` <div data-when="password-needed" hidden>
    ${form(
      '/auth/verify-email',
      'Your address is confirmed, and your password stays.',
      'Confirm with my password',
      html` <label
          >The password that you chose when you signed up
          <input id="password" name="password" type="password" autocomplete="current-password" required
        /></label>
        <label class="check"><input type="checkbox" data-shows="#password" /> Show it</label>`,
    )}
    <details>
      <summary>I did not choose one, or forgot it</summary>
      ${form(
        '/auth/verify-email',
        'Your address is confirmed, and your new password is saved. Whatever was set up before no longer works.',
        'Confirm with a new password',
        newPassword('New password', 'newPassword'),
      )}
    </details>
  </div>`,
};

const session = html` <div id="session" hidden>
  <label
    >Access token <textarea id="access-token" rows="5" readonly spellcheck="false" aria-describedby="use"></textarea>
  </label>
  <p class="soft" id="use">To try the API, paste it into “Authorize” at <a href="../docs">/docs</a>.</p>
</div>`;

/** The page that a mailed link of this purpose opens. To try the API, it shows the tokens that come of it: never in production. */
export const linkPage = (purpose: LinkPurpose, { APP_NAME, NODE_ENV }: Pick<Config, 'APP_NAME' | 'NODE_ENV'>): Html => {
  const { title, about, ready } = PAGES[purpose];
  return page(
    APP_NAME,
    title,
    LOOKS,
    html`<main>
        <div class="card">
          <p class="brand">${APP_NAME}</p>
          <h1>${title}</h1>
          <div data-when="ready" hidden><p>${about}</p></div>
          <div id="result" role="status" aria-live="polite" tabindex="-1"></div>
          <div data-when="ready" hidden>${ready}</div>
          ${WHEN_REFUSED[purpose] ?? ''} ${NODE_ENV === 'production' ? '' : session}
          <noscript
            ><p>
              This page needs JavaScript to use the link, which is not sent to the server before you press a button.
            </p></noscript
          >
        </div>
      </main>
      ${element('script', LINKS_SCRIPT)}`,
  );
};
