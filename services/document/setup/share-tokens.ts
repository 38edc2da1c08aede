import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What a share token says, once it is believed. */
export interface ShareClaims {
  readonly tenantId: string;
  readonly linkId: string;
  /** Tells guests of one link apart. */
  readonly guestId: string;
  readonly expiresAt: Date;
}

/** Seals what opening a share link has proved, so that holders can show it and not read or change it. */
export interface ShareTokens {
  seal(claims: ShareClaims): string;
  /** @returns null for a text that was not sealed here or whose time is over. */
  open(token: string, now: Date): ShareClaims | null;
}

/** NIST SP 800-38D, 8.2.2: a random 96-bit nonce is good for 2³² tokens of a key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Three ids and a moment in JSON are about 170 bytes; 260 characters in base64url. */
const TOKEN_CHARS_MAX = 500;

/** @param key 32 bytes. */
export function createShareTokens(key: Uint8Array): ShareTokens {
  return {
    seal({ tenantId, linkId, guestId, expiresAt }) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const claims = JSON.stringify([tenantId, linkId, guestId, expiresAt.getTime()]);
      const sealed = Buffer.concat([cipher.update(claims, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(token, now) {
      const bytes = token.length > TOKEN_CHARS_MAX ? Buffer.alloc(0) : Buffer.from(token, 'base64url');
      if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const begun = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8');
      let claims: string;
      try {
        claims = begun + decipher.final('utf8');
      } catch {
        // The tag does not fit: the text is somebody's own invention.
        return null;
      }
      const [tenantId, linkId, guestId, expiresAtMs] = JSON.parse(claims) as [string, string, string, number];
      const expiresAt = new Date(expiresAtMs);
      return expiresAt > now ? { tenantId, linkId, guestId, expiresAt } : null;
    },
  };
}
