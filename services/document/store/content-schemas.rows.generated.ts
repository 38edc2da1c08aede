import type { JsonText } from '@candlefish/kit/db';

export type ContentSchemasStatements = {
  findContentSchemas: {
    params: {
      tenantId: string;
      ids: readonly string[];
      viewerSeesAll: boolean;
      viewerId: string | null;
      viewerKeyId: string | null;
    };
    row: { id: string; contentSchema: unknown };
  };
  setContentSchema: {
    params: { contentSchema: JsonText | null; tenantId: string; id: string };
    row: Record<never, never>;
  };
};
