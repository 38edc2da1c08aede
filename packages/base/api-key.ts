/**
 * API keys as text: `cf_live_`, 32 random characters (190 bits), and 6 characters of checksum, all in base 62. The
 * prefix lets scanners find a leaked key, the checksum lets a typing error be refused without a look at the database.
 */

const PREFIX = 'cf_live_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_CHARS = 32;
const CHECKSUM_CHARS = 6;
const SHOWN_CHARS = 4;
/** Bytes from here on are passed over, so that every character is equally likely: 248 = 4 × 62. */
const BYTE_LIMIT = 248;
const PATTERN = /^cf_live_[0-9A-Za-z]{38}$/;

/** Random bytes that `formatApiKey` wants at least: 32 of 256 are enough unless 1 in 10^60 times luck fails. */
export const API_KEY_RANDOM_BYTES = 128;

/**
 * The key made of random bytes.
 * @throws RangeError when too few of the bytes can be used.
 */
export function formatApiKey(random: Uint8Array): string {
  const chars = Array.from(random)
    .filter((byte) => byte < BYTE_LIMIT)
    .slice(0, RANDOM_CHARS)
    .map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  if (chars.length < RANDOM_CHARS) throw new RangeError('formatApiKey: more random bytes are needed');
  const body = PREFIX + chars.join('');
  return body + checksum(body);
}

/** Whether a text looks like one of our keys, right or wrong. */
export const looksLikeApiKey = (text: string): boolean => text.startsWith('cf_');

/** Whether a text has the form of a key and its checksum is right. */
export const isApiKey = (text: string): boolean =>
  PATTERN.test(text) && checksum(text.slice(0, -CHECKSUM_CHARS)) === text.slice(-CHECKSUM_CHARS);

/** The beginning of a key by which its owner recognises it: `cf_live_aB3x`. */
export const shownPrefix = (key: string): string => key.slice(0, PREFIX.length + SHOWN_CHARS);

/** CRC-32 (ISO 3309, reflected, as in zlib) in base 62, most significant first. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let place = 0; place < CHECKSUM_CHARS; place += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
