import type { KeyUses } from '../ctx.ts';

/** Uses are written this often: `last_used_at` is true to a minute and costs a request nothing. */
export const FLUSH_MS = 60_000;
/** Keys noted between two writes; further ones are noted with their next use. */
const KEYS_MAX = 10_000;

/** What writes the uses down. */
export type WriteKeyUses = (uses: ReadonlyMap<string, Date>) => Promise<void>;

/**
 * Collects uses of API keys.
 * @param onError Called when a write failed; what it held is written with the next one.
 */
export function createKeyUses(write: WriteKeyUses, onError: (error: unknown) => void): KeyUses {
  let uses = new Map<string, Date>();
  return {
    note(keyId, usedAt) {
      if (uses.size < KEYS_MAX || uses.has(keyId)) uses.set(keyId, usedAt);
    },
    async flush() {
      if (uses.size === 0) return;
      const written = uses;
      uses = new Map();
      try {
        await write(written);
      } catch (error) {
        uses = new Map([...written, ...uses]);
        onError(error);
      }
    },
  };
}
