import type { KeptMail } from '../../../mail/mailbox';
import { html, page, STYLE } from './html';

/** The mails are shown in frames that inherit this policy: nothing runs, nothing is loaded; styles are inline, as mails have them. */
export const MAILBOX_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const LOOKS = `${STYLE}
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin-bottom: 1.5rem }
form label { display: flex; flex: 1 1 18rem; gap: .75rem; align-items: center; margin: 0 }
form input { flex: 1; margin: 0 !important }
.mail { margin-bottom: .75rem; padding: 0 }
.mail > summary { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .875rem 1.25rem; cursor: pointer; list-style: none }
.mail > summary::-webkit-details-marker { display: none }
.mail > summary span { overflow-wrap: anywhere }
.subject { font-weight: 600 }
.mail > div { border-top: 1px solid var(--line); padding: 1.25rem }
iframe { display: block; width: 100%; height: 22rem; resize: vertical; background: #fff; border: 1px solid var(--line); border-radius: 8px; color-scheme: light }
ul { margin: 1rem 0; padding: 0; list-style: none; overflow-wrap: anywhere }
pre { margin: .75rem 0 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--paper); border-radius: 8px; font: 13px/1.5 ui-monospace, monospace }
details details > summary { cursor: pointer }
`;

const timeOf = (time: Date): string => time.toISOString().replace('T', ' ').replace(/\..*/, ' UTC');

/** Links in a mail open in a tab of their own, without the frame's restrictions: they lead to real pages. */
const framed = (source: string): string => {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(source) ? source.replace(/<head[^>]*>/i, (head) => head + base) : base + source;
};

const letter = ({ to, subject, text, html: source, links, createdAt }: KeptMail, isOpen: boolean) =>
  html` <details class="card mail" ${isOpen ? ' open' : ''}>
    <summary>
      <span class="subject">${subject}</span
      ><time class="soft" datetime="${createdAt.toISOString()}">${timeOf(createdAt)}</time>
      <span class="soft">to ${to}</span>
    </summary>
    <div>
      <iframe
        title="${subject}"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        loading="lazy"
        srcdoc="${framed(source)}"
      ></iframe>
      <ul>
        ${links.map((link) => html`<li><a href="${link}" target="_blank" rel="noopener">${link}</a></li>`)}
      </ul>
      <details>
        <summary>Plain text</summary>
        <pre>${text}</pre>
      </details>
    </div>
  </details>`;

const nothing = (to?: string) =>
  html`<p class="card">No mail${to ? ` to ${to}` : ''} yet. What the app sends shows up here after a refresh.</p>`;

/** The mailbox for a person: `mails` newest first, `known` the addresses to suggest, `to` the filter in use. */
export const mailboxPage = (product: string, mails: KeptMail[], known: string[], to = '') =>
  page(
    product,
    'Development mailbox',
    LOOKS,
    html`<main class="wide">
      <h1>Development mailbox</h1>
      <p class="soft">
        ${mails.length} ${mails.length === 1 ? 'mail' : 'mails'}, newest first. Kept in memory, sent to nobody.
      </p>
      <form>
        <label
          >To <input name="to" type="search" value="${to}" list="known" placeholder="everyone" autocomplete="off"
        /></label>
        <datalist id="known">${known.map((address) => html`<option value="${address}"></option>`)}</datalist>
        <button>Filter</button>
        <a href="?${to ? new URLSearchParams({ to }).toString() : ''}">Refresh</a>
        ${to ? html`<a href="?">Show all</a>` : ''}
      </form>
      ${mails.length > 0 ? mails.map((mail, index) => letter(mail, index === 0)) : nothing(to)}
    </main>`,
  );
