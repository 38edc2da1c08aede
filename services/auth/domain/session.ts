/** A refresh token that was replaced this short while ago may come once more: browser tabs refresh at the same time. */
export const GRACE_MS = 10_000;
/** A session that nobody refreshes ends after this time: 30 days. */
export const IDLE_MS = 30 * 24 * 60 * 60 * 1_000;
/** A session ends after this time, however busy: 180 days. */
export const SESSION_MS = 180 * 24 * 60 * 60 * 1_000;
/** Life of an access token: short, since it is believed without asking the database. 15 minutes. */
export const ACCESS_TOKEN_MS = 15 * 60 * 1_000;

/** A session as far as a refresh depends on it. */
export interface SessionState {
  /** Generation of the live refresh token: 0 at sign-in, one more at each rotation. */
  readonly generation: number;
  /** When that generation was made. */
  readonly rotatedAt: Date;
  /** When it ends unless it is rotated before. */
  readonly expiresAt: Date;
  /** Whether it was ended before its time. */
  readonly isRevoked: boolean;
}

/** What becomes of a genuine refresh token of a session. */
export type RefreshDecision =
  /** It is the live one: a new generation takes its place. */
  | { readonly kind: 'rotate'; readonly generation: number }
  /** It was replaced just now: the caller gets the live one too, and nothing changes. */
  | { readonly kind: 'repeat'; readonly generation: number }
  /** It was replaced long ago, so two parties hold the family: it ends for both. */
  | { readonly kind: 'reuse' }
  /** The session is over, or never gave this token out. */
  | { readonly kind: 'ended' };

/**
 * Decides about a refresh.
 * @param presented Generation of the token that came. It is genuine: this platform made it for this session.
 */
export function decideRefresh(session: SessionState, presented: number, now: Date): RefreshDecision {
  if (session.isRevoked || now >= session.expiresAt) return { kind: 'ended' };
  if (presented === session.generation) return { kind: 'rotate', generation: session.generation + 1 };
  // Only a database restored from a backup knows less than its tokens.
  if (presented > session.generation) return { kind: 'ended' };
  const isPrevious = presented === session.generation - 1;
  const sinceMs = now.getTime() - session.rotatedAt.getTime();
  if (isPrevious && sinceMs <= GRACE_MS) return { kind: 'repeat', generation: session.generation };
  return { kind: 'reuse' };
}

/** When a session rotated at `now` ends by itself. */
export const expiryAfter = (now: Date, endsAt: Date): Date =>
  new Date(Math.min(now.getTime() + IDLE_MS, endsAt.getTime()));
