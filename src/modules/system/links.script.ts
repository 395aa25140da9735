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

function refuse({ code, title, detail, errors = [] }) {
  if (one('[data-when="' + code + '"]')) stage(code);
  const words = (fault) => (fault.pointer.split('/').slice(1).join(' ') + ' ' + fault.detail).trim();
  say('bad', [title, detail, ...errors.map((fault) => words(fault).replace(/^./, (first) => first.toUpperCase()).replace(/\\.?$/, '.'))]);
}

async function submit(form) {
  const { bearer, ...fields } = Object.fromEntries(new FormData(form));
  const buttons = all('button');
  buttons.forEach((button) => { button.disabled = true; });
  say('', []);
  const { ok, body } = await post(form.dataset.post, fields, bearer && bearer.trim());
  buttons.forEach((button) => { button.disabled = false; });
  if (!ok) return refuse(body);
  history.replaceState(null, '', location.pathname);
  stage('done');
  say('good', [form.dataset.done]);
  one('#session').hidden = !body.accessToken;
  one('#access-token').value = body.accessToken || '';
}

async function preview(path) {
  const { ok, body } = await post(path, {});
  if (!ok) return refuse(body);
  const time = (value) => (/^\\d{4}-.*Z$/.test(value) ? new Date(value).toLocaleString() : value);
  for (const element of all('[data-fill]')) {
    const value = time(body[element.dataset.fill] || '—');
    element['value' in element ? 'value' : 'textContent'] = value;
  }
  stage('ready');
}

all('form').forEach((form) => form.addEventListener('submit', (event) => { event.preventDefault(); submit(form); }));
all('[data-shows]').forEach((box) => box.addEventListener('change', () => { one(box.dataset.shows).type = box.checked ? 'text' : 'password'; }));
one('#access-token').addEventListener('focus', (event) => event.target.select());
addEventListener('hashchange', () => location.reload());

const previewed = one('[data-preview]');
if (!token) say('bad', ['This link is not complete.', 'Open it from the mail again, or copy all of it.']);
else if (previewed) preview(previewed.dataset.preview);
else stage('ready');
`;
