import { ACCESS_TOKEN_MS } from './session.ts';

/** How long others may keep the published keys: `Cache-Control: max-age` of the key list, in seconds. */
export const KEYS_MAX_AGE_S = 300;
/** A new key is published this long before it signs: every cached list has been renewed by then, with time to spare. */
const PUBLISH_LEAD_MS = 2 * KEYS_MAX_AGE_S * 1_000;
/** A key that no longer signs stays published until its last token has expired, clocks being a little apart. */
const RETIRE_LAG_MS = ACCESS_TOKEN_MS + 60_000;

/** When a key works. */
export interface SigningKeyTimes {
  readonly kid: string;
  readonly activatesAt: Date;
  /** From here on tokens signed with it are refused and it is not published; null while it has no successor. */
  readonly retiresAt: Date | null;
}

/**
 * The key that signs now: the one that became active last. When none is active yet, because this machine's clock is
 * behind the one that made them, the first to become so. Undefined when there is none at all.
 */
export function signerOf<Key extends SigningKeyTimes>(keys: readonly Key[], now: Date): Key | undefined {
  const published = keys
    .filter((key) => isPublished(key, now))
    .sort((a, b) => b.activatesAt.getTime() - a.activatesAt.getTime() || (a.kid < b.kid ? -1 : 1));
  return published.find((key) => key.activatesAt <= now) ?? published.at(-1);
}

/** Whether the key's tokens are believed. Keys are published before they sign. */
export const isPublished = (key: SigningKeyTimes, now: Date): boolean => key.retiresAt === null || key.retiresAt > now;

/** When a new key begins to sign and the old ones end. */
export interface RotationPlan {
  readonly activatesAt: Date;
  readonly retiresAt: Date;
}

/**
 * The times of a rotation.
 * @param isEmergency The old key is known to somebody else: it ends at once and every access token with it; sessions
 *   live on by their refresh tokens.
 */
export function planRotation(now: Date, isEmergency: boolean): RotationPlan {
  if (isEmergency) return { activatesAt: now, retiresAt: now };
  const activatesAt = new Date(now.getTime() + PUBLISH_LEAD_MS);
  return { activatesAt, retiresAt: new Date(activatesAt.getTime() + RETIRE_LAG_MS) };
}
