export type DocumentShareLinksStatements = {
  countShareLinks: {
    params: { tenantId: string; documentId: string };
    row: { count: number };
  };
  countUse: {
    params: { usedAt: Date; tenantId: string; id: string };
    row: { id: string };
  };
  deleteShareLink: {
    params: { tenantId: string; documentId: string; id: string };
    row: { id: string; level: string };
  };
  findLinkOfToken: {
    params: { tokenHash: Uint8Array };
    row: { linkId: string; tenantId: string };
  };
  findOpenedLink: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      documentId: string;
      level: string;
      passwordHash: string | null;
      expiresAt: Date | null;
      title: string;
    };
  };
  findShareLink: {
    params: { tenantId: string; documentId: string; id: string };
    row: {
      id: string;
      documentId: string;
      level: string;
      hasPassword: boolean;
      expiresAt: Date | null;
      usesMax: number | null;
      uses: number;
      lastUsedAt: Date | null;
      createdBy: string | null;
      createdAt: Date;
    };
  };
  insertShareLink: {
    params: {
      id: string;
      tenantId: string;
      documentId: string;
      level: string;
      tokenHash: Uint8Array;
      passwordHash: string | null;
      expiresAt: Date | null;
      usesMax: number | null;
      createdBy: string | null;
    };
    row: Record<never, never>;
  };
  listShareLinks: {
    params: { tenantId: string; documentId: string; beforeCreatedAt: Date; beforeId: string; limit: number };
    row: {
      id: string;
      documentId: string;
      level: string;
      hasPassword: boolean;
      expiresAt: Date | null;
      usesMax: number | null;
      uses: number;
      lastUsedAt: Date | null;
      createdBy: string | null;
      createdAt: Date;
    };
  };
};
