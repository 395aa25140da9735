import { createHash } from 'node:crypto';

/** HTML that is safe to send: `html` escapes what goes into it, `element` vouches for a constant of ours. */
export class Html {
  constructor(private readonly source: string) {}

  toString(): string {
    return this.source;
  }
}

type Value = Html | string | number | readonly Value[];

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const write = (value: Value): string =>
  Array.isArray(value) ? value.map(write).join('') : value instanceof Html ? String(value) : escape(String(value));

/** A template whose every value is escaped, save those that are Html already. */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(String.raw({ raw: parts }, ...values.map(write)));

/** A script or style of ours. Its hash is of every character between the tags: a formatter must not add one. */
export const element = (name: 'script' | 'style', source: string): Html => new Html(`<${name}>${source}</${name}>`);

/** Names a script or style in a Content-Security-Policy, so that this one runs and no other. */
export const hashOf = (source: string): string => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6470; --paper: #f5f6f8; --card: #fff; --line: #dfe3e8; --main: #1a56db; --good: #0f7a45; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb6; --paper: #14171a; --card: #1e2226; --line: #353b42; --main: #8ab0ff; --good: #6fd6a3; --bad: #ff9c94 } }
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 30rem; margin: 0 auto; padding: 3rem 1rem }
main.wide { max-width: 56rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem }
p { margin: 0 0 1rem }
a { color: var(--main) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem }
.soft { color: var(--soft); font-size: .875rem }
label { display: block; font-weight: 600; font-size: .875rem; margin-bottom: 1rem }
input:not([type=checkbox]), textarea { display: block; width: 100%; margin-top: .25rem; padding: .625rem .75rem; font: 400 1rem/1.5 system-ui, sans-serif; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 8px }
textarea { font: 400 13px/1.4 ui-monospace, monospace; word-break: break-all }
label.check { font-weight: 400; margin-top: -.5rem }
button { padding: .625rem 1.125rem; font: inherit; font-weight: 600; color: var(--card); background: var(--main); border: 1px solid var(--main); border-radius: 8px; cursor: pointer }
button.plain { color: var(--main); background: none; border-color: var(--line) }
button:disabled { opacity: .6; cursor: progress }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }
`;

/** A whole page, with nothing in it that would have to be fetched. `product` is whose it is. */
export const page = (product: string, title: string, style: string, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${product}</title>
        <link rel="icon" href="data:," />
        ${element('style', style)}
      </head>
      <body>
        ${body}
      </body>
    </html> `;
