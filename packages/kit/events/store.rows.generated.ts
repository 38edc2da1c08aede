export type StoreStatements = {
  appendEvents: {
    params: {
      tenantId: string;
      count: number;
      actorKind: string;
      actorId: string;
      userId: string | null;
      requestId: string;
      occurredAt: Date;
      ids: readonly string[];
      names: readonly string[];
      payloads: readonly string[];
    };
    row: Record<never, never>;
  };
  ensureCursor: {
    params: { subscriber: string; tenantId: string };
    row: Record<never, never>;
  };
  insertDeadLetter: {
    params: { id: string; subscriber: string; tenantId: string; seq: number; error: string; attempts: number };
    row: Record<never, never>;
  };
  laggingTenants: {
    params: { subscriber: string; limit: number };
    row: { tenantId: string };
  };
  listDeadLetters: {
    params: { tenantId: string; limit: number };
    row: {
      id: string;
      subscriber: string;
      tenantId: string;
      seq: number;
      name: string;
      error: string;
      attempts: number;
      createdAt: Date;
    };
  };
  lockCursor: {
    params: { subscriber: string; tenantId: string };
    row: { seq: number; attempts: number; nextAttemptAt: Date | null };
  };
  logBounds: {
    params: { tenantId: string };
    row: { head: number; oldest: number };
  };
  moveCursor: {
    params: { seq: number; subscriber: string; tenantId: string };
    row: Record<never, never>;
  };
  postponeCursor: {
    params: { seq: number; attempts: number; nextAttemptAt: Date; error: string; subscriber: string; tenantId: string };
    row: Record<never, never>;
  };
  readEvent: {
    params: { tenantId: string; seq: number };
    row: {
      tenantId: string;
      seq: number;
      id: string;
      name: string;
      payload: unknown;
      actorKind: string;
      actorId: string;
      userId: string | null;
      requestId: string;
      occurredAt: Date;
    };
  };
  readEvents: {
    params: { tenantId: string; after: number; names: readonly string[]; limit: number };
    row: {
      tenantId: string;
      seq: number;
      id: string;
      name: string;
      payload: unknown;
      actorKind: string;
      actorId: string;
      userId: string | null;
      requestId: string;
      occurredAt: Date;
    };
  };
  readNextEvents: {
    params: { tenantId: string; subscriber: string; limit: number };
    row: {
      tenantId: string;
      seq: number;
      id: string;
      name: string;
      payload: unknown;
      actorKind: string;
      actorId: string;
      userId: string | null;
      requestId: string;
      occurredAt: Date;
    };
  };
  takeDeadLetter: {
    params: { tenantId: string; id: string };
    row: { subscriber: string; seq: number };
  };
  tenantsWithDeadLetters: {
    params: { limit: number };
    row: { tenantId: string };
  };
};
