/** Every key and channel of the platform starts with this, so that a shared server can be told apart. */
export const KEY_PREFIX = 'cf:';

const SLOTS = 16_384;

/**
 * A Redis key whose hash tag is `tag` (a tenant id, mostly), so that all keys of one tag lie in one slot and may be used in one command.
 * Parts are percent-encoded: a part can neither break out of its place nor carry a hash tag of its own.
 */
export function redisKey(kind: string, tag: string, ...parts: readonly string[]): string {
  return `${KEY_PREFIX}${kind}:{${encodePart(tag)}}${parts.map((part) => `:${encodePart(part)}`).join('')}`;
}

function encodePart(part: string): string {
  return part.replace(/[%:{}]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** The cluster slot (0–16383) of a key: CRC-16/XMODEM of its hash tag, or of the whole key (Redis cluster specification). */
export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = open === -1 ? -1 : key.indexOf('}', open + 1);
  const hashed = close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(hashed)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % SLOTS;
}
