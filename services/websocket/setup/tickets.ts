import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Credential } from '@candlefish/kit/context';

/** A ticket is good for this long. */
export const TICKET_MS = 30_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Bound to every ticket, so that nothing else sealed under the key passes for one. */
const CONTEXT = Buffer.from('candlefish ticket for a socket, form 1');

/** What a ticket stands for. */
export interface Ticket {
  readonly id: string;
  readonly tenantId: string;
  readonly expiresAt: Date;
  readonly credential: Credential;
}

/** Seals and opens tickets with AES-256-GCM; every node of the platform has the key. */
export interface Tickets {
  seal(ticket: Ticket): string;
  /** The ticket in a text; null when it was not sealed here or has ended. */
  open(text: string, now: Date): Ticket | null;
}

/** @param key 32 bytes. */
export const createTickets = (key: Uint8Array): Tickets => ({
  seal({ id, tenantId, expiresAt, credential }) {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(CONTEXT);
    const plain = JSON.stringify({ id, tenantId, expiresAtMs: expiresAt.getTime(), credential });
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  },
  open(text, now) {
    const plain = unsealed(key, Buffer.from(text, 'base64url'));
    if (plain === null) return null;
    // What was sealed here has the form it was sealed with.
    const { expiresAtMs, ...ticket } = JSON.parse(plain) as Omit<Ticket, 'expiresAt'> & { expiresAtMs: number };
    return expiresAtMs <= now.getTime() ? null : { ...ticket, expiresAt: new Date(expiresAtMs) };
  },
});

function unsealed(key: Uint8Array, bytes: Buffer): string | null {
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(CONTEXT).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    // The tag does not fit: forged, or of another platform.
    return null;
  }
}
