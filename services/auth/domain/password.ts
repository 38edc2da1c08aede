import { COMMON_PASSWORDS } from './common-passwords.ts';

/** Characters at the least (NIST SP 800-63B, 3.1.1.2). */
const PASSWORD_CHARS_MIN = 8;
/** Characters at the most: far above any passphrase, low enough that hashing it costs nothing extra. */
const PASSWORD_CHARS_MAX = 200;

/** What people put behind a common password to make it another one. */
const COMMON_ENDING = /(1|12|123|1234|12345|!|1!|123!|20[0-3]\d)$/;

/**
 * Why a password cannot be used, or null when it can. Length and known passwords only: rules about kinds of characters
 * make passwords weaker (NIST SP 800-63B, 3.1.1.2).
 * @param email The address of the account, which must not be the password.
 */
export function passwordProblem(password: string, email: string): string | null {
  const chars = [...password].length;
  if (chars < PASSWORD_CHARS_MIN) return `must have at least ${PASSWORD_CHARS_MIN} characters`;
  if (chars > PASSWORD_CHARS_MAX) return `must have at most ${PASSWORD_CHARS_MAX} characters`;
  const plain = preparePassword(password).toLowerCase();
  if (new Set(plain).size < 3) return 'repeats too few characters';
  const [local = ''] = email.toLowerCase().split('@');
  if (plain === email.toLowerCase() || plain === local) return 'must not be the e-mail address';
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(plain.replace(COMMON_ENDING, ''))) {
    return 'is one of the most used passwords';
  }
  return null;
}

/** The form of a password that is hashed: composed Unicode (NFKC), so that keyboards do not matter (RFC 8265, 4.2). */
export const preparePassword = (password: string): string => password.normalize('NFKC');
