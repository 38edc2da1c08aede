/** What somebody may do with a document, weakest first; each level includes those before it. */
export const ACCESS_LEVELS = ['view', 'comment', 'edit', 'manage'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** Whether a level includes another one. */
export const includesLevel = (level: AccessLevel, needed: AccessLevel): boolean =>
  ACCESS_LEVELS.indexOf(level) >= ACCESS_LEVELS.indexOf(needed);
