import { statementsOf } from '@candlefish/kit/db';
import type { SigningKeysStatements } from './signing-keys.rows.generated.ts';

const statement = statementsOf<SigningKeysStatements>('auth');

/** Keys whose tokens are believed, those that will sign soon included. */
export const listSigningKeys = statement('listSigningKeys', {
  actions: ['signing-key:use', 'signing-key:rotate'],
  text: `
    select kid, public_jwk as "publicJwk", sealed_private_key as "sealedPrivateKey", activates_at as "activatesAt",
      retires_at as "retiresAt"
    from auth.signing_keys
    where retires_at is null or retires_at > now()
    order by activates_at, kid`,
});

/** Makes rotations wait for each other until COMMIT. */
export const lockSigningKeys = statement('lockSigningKeys', {
  actions: ['signing-key:rotate'],
  text: "select pg_advisory_xact_lock(hashtextextended('auth.signing_keys', 0))",
});

/** A new key. */
export const insertSigningKey = statement('insertSigningKey', {
  actions: ['signing-key:rotate'],
  text: `
    insert into auth.signing_keys (kid, public_jwk, sealed_private_key, activates_at)
    values (:kid, :publicJwk::jsonb, :sealedPrivateKey, :activatesAt)`,
});

/** Lets all keys but one end, none later than it would. */
export const retireSigningKeys = statement('retireSigningKeys', {
  actions: ['signing-key:rotate'],
  text: `
    update auth.signing_keys
    set retires_at = least(retires_at, greatest(:retiresAt::timestamptz, created_at + interval '1 millisecond'))
    where kid <> :kid`,
});

/** Deletes keys that ended a month ago. */
export const deleteRetiredSigningKeys = statement('deleteRetiredSigningKeys', {
  actions: ['auth:sweep'],
  text: "delete from auth.signing_keys where retires_at < now() - interval '30 days'",
});
