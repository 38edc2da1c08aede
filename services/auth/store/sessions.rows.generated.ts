export type SessionsStatements = {
  deleteOldSessions: {
    params: { limit: number };
    row: { deleted: number };
  };
  findSessionOwner: {
    params: { id: string };
    row: { tenantId: string; userId: string };
  };
  insertSession: {
    params: {
      tenantId: string;
      userId: string;
      id: string;
      seed: Uint8Array;
      idleS: number;
      sessionS: number;
      userAgent: string;
      address: string;
    };
    row: {
      rotatedAt: Date;
      role: string;
      disabledAt: Date | null;
      joinedAt: Date;
      permissions: unknown;
      email: string;
      lastLogin: Date | null;
      tenantName: string;
      tenantSlug: string;
      tenantPlan: string;
      tenantCreatedAt: Date;
    };
  };
  listSessions: {
    params: { tenantId: string; userId: string; before: string | null; limit: number };
    row: { id: string; userAgent: string; address: string; createdAt: Date; lastUsedAt: Date; expiresAt: Date };
  };
  lockSession: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      userId: string;
      seed: Uint8Array;
      generation: number;
      rotatedAt: Date;
      expiresAt: Date;
      endsAt: Date;
      revokedAt: Date | null;
    };
  };
  readTime: {
    params: Record<never, never>;
    row: { now: Date };
  };
  revokeSession: {
    params: { reason: string; tenantId: string; id: string };
    row: { id: string };
  };
  revokeSessionsOf: {
    params: { reason: string; tenantId: string; userId: string };
    row: { id: string };
  };
  rotateSession: {
    params: {
      generation: number;
      rotatedAt: Date;
      expiresAt: Date;
      userAgent: string;
      address: string;
      tenantId: string;
      id: string;
    };
    row: Record<never, never>;
  };
};
