import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RefreshTokens } from '../ctx.ts';

const PREFIX = 'cfr_';
const ID_BYTES = 16;
const GENERATION_BYTES = 4;
const MAC_BYTES = 32;
const TOKEN_BYTES = ID_BYTES + GENERATION_BYTES + MAC_BYTES;
const FORM = /^cfr_[A-Za-z0-9_-]{70}$/;

/**
 * Refresh tokens: session, generation, and an HMAC-SHA-256 over both and the session's seed. Computing them means that
 * the tabs of a browser that refresh together get the same successor, that a token of any past generation is known as
 * one, and that neither the database nor the secret alone makes a token.
 * @param key 32 bytes, secret.
 */
export function createRefreshTokens(key: Uint8Array): RefreshTokens {
  const macOf = (sessionId: string, seed: Uint8Array, generation: number): Buffer =>
    createHmac('sha256', key).update(headOf(sessionId, generation)).update(seed).digest();

  return {
    make(sessionId, seed, generation) {
      const bytes = Buffer.concat([headOf(sessionId, generation), macOf(sessionId, seed, generation)]);
      return PREFIX + bytes.toString('base64url');
    },
    read(text) {
      if (!FORM.test(text)) return null;
      const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
      if (bytes.length !== TOKEN_BYTES) return null;
      return {
        sessionId: uuidOf(bytes.subarray(0, ID_BYTES)),
        generation: bytes.readUInt32BE(ID_BYTES),
        mac: bytes.subarray(ID_BYTES + GENERATION_BYTES),
      };
    },
    isGenuine: ({ sessionId, generation, mac }, seed) => timingSafeEqual(macOf(sessionId, seed, generation), mac),
  };
}

function headOf(sessionId: string, generation: number): Buffer {
  const head = Buffer.alloc(ID_BYTES + GENERATION_BYTES);
  head.write(sessionId.replaceAll('-', ''), 'hex');
  head.writeUInt32BE(generation, ID_BYTES);
  return head;
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
