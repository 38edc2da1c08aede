/** UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits. */

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Two hexadecimal digits of every byte: an id is made for every request. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Whether the text is a UUID in its canonical lower-case form, of any version. */
export const isUuid = (text: string): boolean => UUID_PATTERN.test(text);

/**
 * A version 7 UUID for the given moment.
 * @param unixMs Milliseconds since 1970, 0 ≤ unixMs < 2^48.
 * @param random Ten random bytes; 74 of their 80 bits are used.
 */
export function uuidV7(unixMs: number, random: Uint8Array): string {
  if (!Number.isInteger(unixMs) || unixMs < 0 || unixMs >= 2 ** 48) {
    throw new RangeError(`uuidV7: ${unixMs} is not a 48-bit count of milliseconds`);
  }
  if (random.length !== 10) throw new RangeError('uuidV7: ten random bytes are needed');
  const hex = (place: number): string => HEX[random[place] as number] as string;
  const version = HEX[((random[0] as number) & 0x0f) | 0x70] as string;
  const variant = HEX[((random[2] as number) & 0x3f) | 0x80] as string;
  const tail = hex(4) + hex(5) + hex(6) + hex(7) + hex(8) + hex(9);
  return `${timePart(unixMs)}-${version}${hex(1)}-${variant}${hex(3)}-${tail}`;
}

let timeMs = -1;
let timeText = '';

/** The digits of the moment. Ids are made in runs within one millisecond. */
function timePart(unixMs: number): string {
  if (unixMs !== timeMs) {
    const digits = unixMs.toString(16).padStart(12, '0');
    timeText = `${digits.slice(0, 8)}-${digits.slice(8)}`;
    timeMs = unixMs;
  }
  return timeText;
}
