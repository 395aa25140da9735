import type { IOptions } from 'sanitize-html';

const TAGS = [
  'h1 h2 h3 h4 h5 h6 p br hr blockquote pre ul ol li dl dt dd',
  'a img figure figcaption strong b em i s del ins mark sub sup code kbd',
  'table caption thead tbody tfoot tr th td',
].flatMap((line) => line.split(' '));

/** What may be in a text that strangers read. Nothing that runs, loads a frame, styles, or names an element. */
export const PAGE: IOptions = {
  allowedTags: TAGS,
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    ol: ['start'],
    th: ['colspan', 'rowspan'],
    td: ['colspan', 'rowspan'],
  },
  allowedClasses: { code: [/^language-[\w+#.-]{1,40}$/] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowProtocolRelative: false,
  nestingLimit: 100,
  transformTags: { a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener nofollow' } }) },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs.src,
};

/** What a mail may look like. Nothing that is fetched but images, nothing that covers something else. */
const LOOKS =
  'color background background-color font font-family font-size font-style font-weight line-height letter-spacing text-align ' +
  'text-decoration text-transform vertical-align white-space word-break width max-width height display ' +
  'margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left ' +
  'border border-top border-right border-bottom border-left border-radius border-collapse border-color list-style';
const LOOK = /^(?!.*(?:url|expression|image)\s*\()[\w\s#%(),.'"/-]{1,120}$/i;

/** The same for a mail, which may have looks. */
export const MAIL: IOptions = {
  ...PAGE,
  allowedTags: [...TAGS, 'div', 'span', 'center'],
  allowedAttributes: {
    ...(PAGE.allowedAttributes as Record<string, string[]>),
    '*': ['style', 'align', 'dir', 'lang'],
    table: ['width', 'border', 'cellpadding', 'cellspacing', 'role'],
    td: ['colspan', 'rowspan', 'width', 'valign'],
  },
  allowedClasses: {},
  allowedStyles: { '*': Object.fromEntries(LOOKS.split(' ').map((name) => [name, [LOOK]])) },
};
