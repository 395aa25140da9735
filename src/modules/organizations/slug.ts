import { randomBytes } from 'node:crypto';

/** A slug made from a name: `Ada's Rockets` → `ada-s-rockets`. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return slug.length >= 2 ? slug : 'organization';
}

/** The same with a random tail, for when it is taken. */
export const slugLike = (slug: string): string => `${slug}-${randomBytes(4).toString('hex')}`;
