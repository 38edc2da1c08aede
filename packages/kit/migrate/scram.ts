import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's default; the password is machine-made, so more rounds would only slow each connection. */
const ROUNDS = 4_096;
const SALT_BYTES = 16;

/**
 * The SCRAM-SHA-256 verifier of a password as PostgreSQL stores it, so that the password itself never reaches the server's
 * log. @see RFC 5803; PostgreSQL manual, pg_authid. The password must be ASCII, which SASLprep leaves alone.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  if (!/^[\x21-\x7e]+$/.test(password)) throw new RangeError('the password of a database role must be printable ASCII');
  const salted = pbkdf2Sync(password, salt, ROUNDS, 32, 'sha256');
  const keyOf = (label: string): Buffer => createHmac('sha256', salted).update(label).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString('base64')}$${storedKey}:${keyOf('Server Key').toString('base64')}`;
}
