import type { JsonText } from '@candlefish/kit/db';

export type SigningKeysStatements = {
  deleteRetiredSigningKeys: {
    params: Record<never, never>;
    row: Record<never, never>;
  };
  insertSigningKey: {
    params: { kid: string; publicJwk: JsonText; sealedPrivateKey: Uint8Array; activatesAt: Date };
    row: Record<never, never>;
  };
  listSigningKeys: {
    params: Record<never, never>;
    row: {
      kid: string;
      publicJwk: unknown;
      sealedPrivateKey: Uint8Array;
      activatesAt: Date;
      retiresAt: Date | null;
    };
  };
  lockSigningKeys: {
    params: Record<never, never>;
    row: { pg_advisory_xact_lock: unknown };
  };
  retireSigningKeys: {
    params: { retiresAt: Date; kid: string };
    row: Record<never, never>;
  };
};
