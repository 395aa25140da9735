import { randomBytes } from 'node:crypto';

/** Loaded with the first name: it knows every script, in half a megabyte. */
const ascii = (text: string): string => (require('any-ascii') as typeof import('any-ascii')).default(text);

/** A slug made from a name, in whatever script: `Ada's Rockets` → `ada-s-rockets`, `Ромашка` → `romashka`. */
export function slugOf(name: string): string {
  const slug = ascii(name.normalize('NFKC'))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return slug.length >= 2 ? slug : 'organization';
}

/** The same with a random tail, for when it is taken. */
export const slugLike = (slug: string): string => `${slug}-${randomBytes(4).toString('hex')}`;
