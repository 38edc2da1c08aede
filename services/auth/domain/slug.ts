/** Characters at the most; leaves room for a suffix within the column's 100. */
const SLUG_CHARS_MAX = 80;
/** What a name without a single Latin letter or digit becomes. */
const FALLBACK = 'tenant';

/**
 * The part of an address that names a tenant: lower-case ASCII letters, digits and single hyphens, 1–80 characters.
 * Accents are dropped; a name of another script becomes `tenant`.
 */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return words.join('-').slice(0, SLUG_CHARS_MAX).replace(/-+$/, '') || FALLBACK;
}

/** The slug with the end of an id, for a name that is taken. */
export const slugWith = (slug: string, id: string): string => `${slug}-${id.slice(-8)}`;
