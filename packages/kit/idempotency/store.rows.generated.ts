import type { JsonText } from '../db/statement.ts';

export type StoreStatements = {
  claimKey: {
    params: { lock: string; tenantId: string; actorId: string; key: string };
    row: {
      claimed: boolean;
      requestHash: Uint8Array | null;
      status: number | null;
      headers: unknown;
      body: Uint8Array | null;
    };
  };
  deleteExpiredAnswers: {
    params: { limit: number };
    row: { deleted: number };
  };
  storeAnswer: {
    params: {
      tenantId: string;
      actorId: string;
      key: string;
      requestHash: Uint8Array;
      status: number;
      headers: JsonText;
      body: Uint8Array;
      ttlMs: number;
    };
    row: { key: string };
  };
};
