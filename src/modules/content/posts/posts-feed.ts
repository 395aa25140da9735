import { v5 } from 'uuid';
import type { Organization } from '../../organizations/records/organization.entity';
import type { BlogPost } from './blog-post.entity';
import { showPublicPost } from './posts.api';

type Where = { origin: string; locale?: string };

/** A blog as an Atom feed (RFC 4287). Its ids are those of our rows: they stay when a slug or the address changes. */
export function writeFeed(organization: Organization, posts: BlogPost[], { origin, locale }: Where): string {
  const { id, name, slug, createdAt } = organization;
  const self = `${origin}/public/${slug}/feed.xml${locale ? `?locale=${locale}` : ''}`;
  const updated = posts.map((post) => showPublicPost(post).updatedAt).reduce(later, createdAt);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom"${locale ? ` xml:lang="${text(locale)}"` : ''}>`,
    `<id>urn:uuid:${locale ? v5(locale, id) : id}</id>`,
    `<title>${text(name)}</title>`,
    `<updated>${updated.toISOString()}</updated>`,
    `<author><name>${text(name)}</name></author>`,
    `<link rel="self" type="application/atom+xml" href="${text(self)}"/>`,
    ...posts.map(entry),
    '</feed>\n',
  ].join('\n');
}

function entry(post: BlogPost): string {
  const { title, excerpt, tags, bodyHtml, seo, publishedAt, updatedAt, locale } = showPublicPost(post);
  const page = seo.canonicalUrl;
  return [
    `<entry xml:lang="${text(locale)}">`,
    `<id>urn:uuid:${post.id}</id>`,
    `<title>${text(title)}</title>`,
    `<published>${publishedAt.toISOString()}</published>`,
    `<updated>${updatedAt.toISOString()}</updated>`,
    ...(page ? [`<link rel="alternate" type="text/html" href="${text(page)}"/>`] : []),
    ...tags.map((tag) => `<category term="${text(tag)}"/>`),
    ...(excerpt ? [`<summary>${text(excerpt)}</summary>`] : []),
    `<content type="html">${text(bodyHtml)}</content>`,
    '</entry>',
  ].join('\n');
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);

/** What XML 1.0 has no way to say, not even escaped. */
const UNSAYABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const text = (value: string): string =>
  value.replace(UNSAYABLE, '').replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
