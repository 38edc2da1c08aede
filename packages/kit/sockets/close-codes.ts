/** Why a connection was closed, as the client sees it. */
export const CLOSE = {
  /** The process stops; the client was told when to come back. */
  restart: 1_012,
  /** What the connection needs does not answer. */
  tryLater: 1_013,
  /** A message that cannot be read. */
  malformed: 4_400,
  /** No credential in time, or it has ended. */
  unauthenticated: 4_401,
  /** The credential was revoked or does not reach so far, or access was taken away. */
  forbidden: 4_403,
  /** There is no such thing. */
  notFound: 4_404,
  /** Heartbeats unanswered, or too slow a reader. */
  slow: 4_508,
  /** What the client holds belongs to another history. */
  reset: 4_409,
  /** A quota is reached. */
  quota: 4_429,
} as const;

/** One of the codes that this platform closes with. */
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];
