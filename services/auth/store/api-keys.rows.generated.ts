import type { JsonText } from '@candlefish/kit/db';

export type ApiKeysStatements = {
  countApiKeys: {
    params: { tenantId: string; userId: string };
    row: { count: number };
  };
  findApiKeyByHash: {
    params: { keyHash: Uint8Array };
    row: {
      id: string;
      tenantId: string;
      userId: string;
      role: string;
      permissions: unknown;
      scopes: unknown;
      rateLimit: number;
      expiresAt: Date | null;
      createdAt: Date;
    };
  };
  findApiKeyById: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      userId: string;
      name: string;
      prefix: string;
      scopes: unknown;
      rateLimit: number;
      expiresAt: Date | null;
      lastUsedAt: Date | null;
      revokedAt: Date | null;
      createdAt: Date;
    };
  };
  insertApiKey: {
    params: {
      id: string;
      userId: string;
      tenantId: string;
      name: string;
      prefix: string;
      keyHash: Uint8Array;
      scopes: JsonText;
      rateLimit: number;
      expiresAt: Date | null;
    };
    row: {
      id: string;
      userId: string;
      name: string;
      prefix: string;
      scopes: unknown;
      rateLimit: number;
      expiresAt: Date | null;
      lastUsedAt: Date | null;
      revokedAt: Date | null;
      createdAt: Date;
    };
  };
  listApiKeys: {
    params: { tenantId: string; userId: string | null; withRevoked: boolean; before: string | null; limit: number };
    row: {
      id: string;
      userId: string;
      name: string;
      prefix: string;
      scopes: unknown;
      rateLimit: number;
      expiresAt: Date | null;
      lastUsedAt: Date | null;
      revokedAt: Date | null;
      createdAt: Date;
    };
  };
  lockApiKey: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      userId: string;
      name: string;
      scopes: unknown;
      rateLimit: number;
      expiresAt: Date | null;
      revokedAt: Date | null;
    };
  };
  noteKeyUses: {
    params: { ids: readonly string[]; usedAt: readonly Date[] };
    row: { noted: unknown };
  };
  revokeApiKey: {
    params: { tenantId: string; id: string };
    row: Record<never, never>;
  };
  revokeApiKeysOf: {
    params: { tenantId: string; userId: string };
    row: { id: string };
  };
  shortenApiKey: {
    params: { overlapS: number; tenantId: string; id: string };
    row: Record<never, never>;
  };
};
