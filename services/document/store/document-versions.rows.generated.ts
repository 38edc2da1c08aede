export type DocumentVersionsStatements = {
  countNamedVersions: {
    params: { tenantId: string; documentId: string };
    row: { count: number };
  };
  deleteSurplusVersions: {
    params: { tenantId: string; ids: readonly string[] };
    row: Record<never, never>;
  };
  deleteVersion: {
    params: { tenantId: string; documentId: string; id: string };
    row: { sequence: number };
  };
  findDueVersions: {
    params: { touchedSince: Date; quietSince: Date; updatesMax: number; limit: number };
    row: { tenantId: string; documentId: string };
  };
  findSurplusVersions: {
    params: { present: Date; limit: number };
    row: { tenantId: string; id: string };
  };
  findVersion: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      documentId: string;
      sequence: number;
      epoch: number;
      kind: string;
      name: string | null;
      actorKind: string;
      actorId: string;
      userId: string | null;
      parentId: string | null;
      bytes: number;
      textLength: number;
      createdAt: Date;
    };
  };
  forgetVersions: {
    params: { tenantId: string; documentId: string };
    row: Record<never, never>;
  };
  insertVersion: {
    params: {
      id: string;
      tenantId: string;
      documentId: string;
      seq: number;
      epoch: number;
      kind: string;
      name: string | null;
      actorKind: string;
      actorId: string;
      userId: string | null;
      state: Uint8Array;
      stateVector: Uint8Array;
      stateBytes: number;
      sha256: Uint8Array;
      textLength: number;
      createdAt: Date;
    };
    row: { id: string };
  };
  listVersionVectors: {
    params: { tenantId: string; documentId: string; epoch: number; limit: number };
    row: { sequence: number; stateVector: Uint8Array; createdAt: Date };
  };
  listVersions: {
    params: {
      tenantId: string;
      documentId: string;
      beforeCreatedAt: Date;
      beforeId: string;
      kinds: readonly string[] | null;
      limit: number;
    };
    row: {
      id: string;
      documentId: string;
      sequence: number;
      epoch: number;
      kind: string;
      name: string | null;
      actorKind: string;
      actorId: string;
      userId: string | null;
      parentId: string | null;
      bytes: number;
      textLength: number;
      createdAt: Date;
    };
  };
  readNearestState: {
    params: { tenantId: string; documentId: string; epoch: number; upTo: number };
    row: { seq: number; encoding: string; state: Uint8Array };
  };
  readVersion: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      documentId: string;
      sequence: number;
      epoch: number;
      kind: string;
      name: string | null;
      actorKind: string;
      actorId: string;
      userId: string | null;
      parentId: string | null;
      bytes: number;
      textLength: number;
      createdAt: Date;
      state: Uint8Array;
      sha256: Uint8Array;
    };
  };
  renameVersion: {
    params: { name: string; tenantId: string; documentId: string; id: string };
    row: { id: string };
  };
};
