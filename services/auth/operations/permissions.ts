import { SELF_PERMISSIONS } from '../policy.ts';

/** What a custom role permits, with what everybody may do for themselves; null for a built-in role, which has no list. */
export const permissionsOf = (stored: unknown): string[] | null =>
  stored === null ? null : [...new Set([...textsOf(stored), ...SELF_PERMISSIONS])];

/** A list of texts as the database keeps it. @throws Error when it is something else. */
export function textsOf(stored: unknown): string[] {
  if (!Array.isArray(stored) || !stored.every((item) => typeof item === 'string')) {
    throw new Error('a stored list of permissions is not a list of texts');
  }
  return stored;
}
