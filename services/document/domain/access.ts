/** What somebody may do with a document, weakest first; each level includes those before it. */
export const ACCESS_LEVELS = ['view', 'comment', 'edit', 'manage'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** Whom a document shows itself to without being on its list of members. */
export const VISIBILITIES = ['tenant', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Whether a level includes another one. */
export const includesLevel = (level: AccessLevel, needed: AccessLevel): boolean =>
  ACCESS_LEVELS.indexOf(level) >= ACCESS_LEVELS.indexOf(needed);

const weaker = (a: AccessLevel, b: AccessLevel): AccessLevel => (includesLevel(a, b) ? b : a);

/** A caller, as far as the level in a document depends on it. */
export interface Viewer {
  /** The person who acts or is behind a key. */
  readonly userId: string | null;
  /** The API key that acts. */
  readonly apiKeyId: string | null;
  /** Whether the person manages every document of the tenant: owners, admins, and the platform itself. */
  readonly seesAll: boolean;
  /** Level that the person's role gives on documents of visibility `tenant`; null when it gives none. */
  readonly roleLevel: AccessLevel | null;
  /** What the scopes of the credential reach at the most. */
  readonly scopeLevel: AccessLevel;
}

/** A document, as far as the level of a caller depends on it. */
export interface Guarded {
  readonly visibility: Visibility;
  readonly createdBy: string | null;
  /** Explicit level of the person. */
  readonly userLevel: AccessLevel | null;
  /** Explicit level of the API key. */
  readonly apiKeyLevel: AccessLevel | null;
}

/**
 * The level of a caller in a document, or null when it is hidden. Who created it and who sees all manage it, whatever
 * the list of members says. Else an explicit level counts, and without one that of the role, unless the document is
 * private. A key has its own explicit level or that of the person behind it, and never more than its scopes.
 */
export function levelIn(viewer: Viewer, document: Guarded): AccessLevel | null {
  const level = document.apiKeyLevel ?? levelOfPerson(viewer, document);
  return level && weaker(level, viewer.scopeLevel);
}

function levelOfPerson(viewer: Viewer, { visibility, createdBy, userLevel }: Guarded): AccessLevel | null {
  const isCreator = viewer.userId !== null && viewer.userId === createdBy;
  if (viewer.seesAll || isCreator) return 'manage';
  return userLevel ?? (visibility === 'tenant' ? viewer.roleLevel : null);
}

/** What a share link may give: members alone manage. */
export const SHARED_LEVELS = ['view', 'comment', 'edit'] as const satisfies readonly AccessLevel[];
export type SharedLevel = (typeof SHARED_LEVELS)[number];
