/** Characters of an address at the most (RFC 5321, 4.5.3.1.3, less the angle brackets). */
const EMAIL_CHARS_MAX = 254;
/** Characters before the @ at the most (RFC 5321, 4.5.3.1.1). */
const LOCAL_CHARS_MAX = 64;

/** Printable ASCII or letters of other scripts, without spaces, quotes, brackets and separators. */
const LOCAL_PART = /^[^\s"(),:;<>@[\\\]\p{C}]+$/u;
const DOMAIN = /^(?!-)[\p{L}\p{N}-]{1,63}(?<!-)(\.(?!-)[\p{L}\p{N}-]{1,63}(?<!-))*$/u;

/**
 * The address as it is stored: without surrounding spaces, in Unicode's composed form (NFC), spelling kept. Addresses
 * are compared without regard to case, which the database does.
 * @returns null when it is no address.
 */
export function normalizeEmail(text: string): string | null {
  const email = text.trim().normalize('NFC');
  const at = email.lastIndexOf('@');
  if (at < 1 || email.length > EMAIL_CHARS_MAX) return null;
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
  if (local.length > LOCAL_CHARS_MAX || !LOCAL_PART.test(local) || local.includes('..')) return null;
  return DOMAIN.test(domain) ? email : null;
}
