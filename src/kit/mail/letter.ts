/** What a mail of the system says. Everything in it is text; the HTML is made here. */
export type Letter = {
  subject: string;
  greeting?: string;
  lines: string[];
  action?: { label: string; url: string };
  footer?: string;
};

const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const paragraph = (text: string, style = '') => `<p style="margin:0 0 16px;${style}">${escape(text)}</p>`;

/** Writes a letter twice: as plain text, and as HTML that a mail client shows without loading anything. */
export function render({ subject, greeting = 'Hello,', lines, action, footer }: Letter): {
  subject: string;
  text: string;
  html: string;
} {
  const link = action ? [`${action.label}:\n${action.url}`] : [];
  const text = [greeting, ...lines, ...link, ...(footer ? [`-- \n${footer}`] : [])].join('\n\n') + '\n';
  const button = action
    ? `<p style="margin:24px 0"><a href="${escape(action.url)}" style="background:#1a56db;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none;display:inline-block">${escape(action.label)}</a></p>` +
      `<p style="margin:0 0 16px;color:#666;font-size:13px">Or copy this link: <span style="word-break:break-all">${escape(action.url)}</span></p>`
    : '';
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>` +
    `<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#111;max-width:560px;margin:0 auto;padding:32px 16px">` +
    [greeting, ...lines].map((line) => paragraph(line)).join('') +
    button +
    (footer ? paragraph(footer, 'color:#666;font-size:13px;border-top:1px solid #ddd;padding-top:16px') : '') +
    '</body></html>';
  return { subject: subject.replace(/[\u0000-\u001f\u007f]+/g, ' '), text, html };
}
