/**
 * What a link page does in the browser. Nothing is used up before a button is pressed. Forms say by data-post where they go and by
 * data-done what to tell; elements with data-when are shown at that stage only, which may be a problem's code; data-preview is asked at once, for data-fill.
 */
export const LINKS_SCRIPT = `
const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const home = location.pathname.replace(/\\/links\\/.*$/, '');

async function post(path, fields, bearer) {
  const headers = { 'content-type': 'application/json', ...(bearer ? { authorization: 'Bearer ' + bearer } : {}) };
  try {
    const response = await fetch(home + path, { method: 'POST', headers, body: JSON.stringify({ token, ...fields }), credentials: 'omit', redirect: 'error' });
    const text = await response.text();
    return { ok: response.ok, body: text ? JSON.parse(text) : {} };
  } catch {
    return { ok: false, body: { title: 'The server cannot be reached.', detail: 'Try again in a moment.' } };
  }
}

const stage = (name) => all('[data-when]').forEach((element) => { element.hidden = element.dataset.when !== name; });

function say(kind, lines) {
  const result = one('#result');
  result.className = kind;
  result.replaceChildren(...lines.filter(Boolean).map((line) => Object.assign(document.createElement('p'), { textContent: line })));
  if (lines.length > 0) result.focus();
}

function clear(form) {
  say('', []);
  form.querySelectorAll('.fault').forEach((fault) => fault.remove());
  form.querySelectorAll('[aria-invalid]').forEach((input) => { input.removeAttribute('aria-invalid'); });
}

/** Puts a fault under its field; false where there is none to see. */
function mark(form, { pointer, detail }) {
  const input = form && form.elements.namedItem(pointer.split('/')[1] || '');
  if (!input || input.type === 'hidden') return false;
  const fault = Object.assign(document.createElement('p'), { className: 'fault', id: input.name + '-fault', textContent: sentence(detail) });
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-errormessage', fault.id);
  input.closest('label').after(fault);
  return true;
}

const sentence = (words) => words.trim().replace(/^./, (first) => first.toUpperCase()).replace(/\\.?$/, '.');

function refuse({ code, title, detail, errors = [] }, form) {
  if (one('[data-when="' + code + '"]')) stage(code);
  const elsewhere = errors.filter((fault) => !mark(form, fault));
  const words = elsewhere.map((fault) => sentence(fault.pointer.split('/').slice(1).join(' ') + ' ' + fault.detail));
  if (elsewhere.length > 0 || errors.length === 0) return say('bad', [title, detail, ...words]);
  form.querySelector('[aria-invalid]').focus();
}

/** Sends a form; one that asks for a password to sign in with signs in first, for this one request. */
async function send(path, { login, loginPassword, ...fields }) {
  if (!login) return post(path, fields);
  const signedIn = await post('/auth/login', { token: undefined, email: login, password: loginPassword });
  return signedIn.ok ? post(path, fields, signedIn.body.accessToken) : signedIn;
}

async function submit(form) {
  const buttons = all('button');
  buttons.forEach((button) => { button.disabled = true; });
  clear(form);
  const { ok, body } = await send(form.dataset.post, Object.fromEntries(new FormData(form)));
  buttons.forEach((button) => { button.disabled = false; });
  if (!ok) return refuse(body, form);
  history.replaceState(null, '', location.pathname);
  stage('done');
  say('good', [form.dataset.done]);
  if (!one('#session') || !body.accessToken) return;
  one('#session').hidden = false;
  one('#access-token').value = body.accessToken;
}

/** How long from now: for 9 minutes. */
function during(time) {
  const minutes = Math.max(1, Math.floor((new Date(time) - Date.now()) / 60000));
  const [count, unit] = minutes < 120 ? [minutes, 'minute'] : minutes < 2880 ? [Math.floor(minutes / 60), 'hour'] : [Math.floor(minutes / 1440), 'day'];
  return 'for ' + count + ' ' + unit + (count === 1 ? '' : 's');
}

async function preview(path) {
  const { ok, body } = await post(path, {});
  if (!ok) return refuse(body);
  for (const element of all('[data-fill]')) {
    const value = body[element.dataset.fill] || '—';
    element['value' in element ? 'value' : 'textContent'] = /^\\d{4}-.*Z$/.test(value) ? during(value) : value;
  }
  stage('ready');
}

all('form').forEach((form) => form.addEventListener('submit', (event) => { event.preventDefault(); submit(form); }));
all('[data-shows]').forEach((box) => box.addEventListener('change', () => { one(box.dataset.shows).type = box.checked ? 'text' : 'password'; }));
if (one('#access-token')) one('#access-token').addEventListener('focus', (event) => event.target.select());
addEventListener('hashchange', () => location.reload());

const previewed = one('[data-preview]');
if (!token) say('bad', ['This link is not complete.', 'Open it from the mail again, or copy all of it.']);
else if (previewed) preview(previewed.dataset.preview);
else stage('ready');
`;
