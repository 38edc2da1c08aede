import type { JsonText } from '@candlefish/kit/db';

export type DocumentsStatements = {
  deleteDocument: {
    params: { tenantId: string; id: string };
    row: { id: string; title: string; contentType: string; visibility: string };
  };
  findContents: {
    params: {
      tenantId: string;
      ids: readonly string[];
      viewerSeesAll: boolean;
      viewerId: string | null;
      viewerKeyId: string | null;
    };
    row: { id: string; contentType: string; crdtState: unknown; text: string; version: number };
  };
  findDocuments: {
    params: {
      viewerId: string | null;
      viewerKeyId: string | null;
      tenantId: string;
      ids: readonly string[];
      viewerSeesAll: boolean;
    };
    row: {
      id: string;
      tenantId: string;
      title: string;
      contentType: string;
      version: number;
      epoch: number;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      visibility: string;
      userLevel: string | null;
      apiKeyLevel: string | null;
    };
  };
  insertDocument: {
    params: {
      id: string;
      tenantId: string;
      title: string;
      contentType: string;
      visibility: string;
      crdtState: JsonText;
      createdBy: string | null;
      createdAt: Date;
    };
    row: Record<never, never>;
  };
  listAllDocuments: {
    params: {
      viewerId: string | null;
      viewerKeyId: string | null;
      tenantId: string;
      beforeCreatedAt: Date;
      beforeId: string;
      contentType: string | null;
      createdBy: string | null;
      pattern: string | null;
      limit: number;
    };
    row: {
      id: string;
      tenantId: string;
      title: string;
      contentType: string;
      version: number;
      epoch: number;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      visibility: string;
      userLevel: string | null;
      apiKeyLevel: string | null;
    };
  };
  listVisibleDocuments: {
    params: {
      tenantId: string;
      beforeCreatedAt: Date;
      beforeId: string;
      contentType: string | null;
      createdBy: string | null;
      pattern: string | null;
      limit: number;
      viewerId: string | null;
      viewerKeyId: string | null;
    };
    row: {
      id: string;
      tenantId: string;
      title: string;
      contentType: string;
      version: number;
      epoch: number;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      visibility: string;
      userLevel: string | null;
      apiKeyLevel: string | null;
    };
  };
  recordCopy: {
    params: { version: number; crdtState: JsonText; text: string; tenantId: string; id: string; fromVersion: number };
    row: { id: string };
  };
  recordVersion: {
    params: { version: number; crdtState: JsonText | null; text: string | null; tenantId: string; id: string };
    row: Record<never, never>;
  };
  renameDocument: {
    params: { title: string; tenantId: string; id: string };
    row: { id: string };
  };
  setVisibility: {
    params: { visibility: string; tenantId: string; id: string };
    row: { id: string };
  };
};
