import type { JsonText } from '@candlefish/kit/db';

export type DocumentsStatements = {
  deleteDocument: {
    params: { tenantId: string; id: string };
    row: { id: string; title: string; contentType: string };
  };
  findContents: {
    params: { tenantId: string; ids: readonly string[] };
    row: { id: string; contentType: string; crdtState: unknown; text: string; version: number };
  };
  findDocuments: {
    params: { tenantId: string; ids: readonly string[] };
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
    };
  };
  insertDocument: {
    params: {
      id: string;
      tenantId: string;
      title: string;
      contentType: string;
      crdtState: JsonText;
      createdBy: string | null;
      createdAt: Date;
    };
    row: Record<never, never>;
  };
  listDocuments: {
    params: {
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
    };
  };
  recordVersion: {
    params: { version: number; crdtState: JsonText | null; text: string | null; tenantId: string; id: string };
    row: Record<never, never>;
  };
  renameDocument: {
    params: { title: string; tenantId: string; id: string };
    row: { id: string };
  };
};
