/** Longest address of an agent; browsers and proxies cut off soon after. */
const URL_CHARS_MAX = 2_048;

/**
 * What keeps a value from being the address of an agent, or null. Whether the address may be reached from here is decided
 * when it is called, since names can move.
 */
export function urlProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (value.length > URL_CHARS_MAX) return `must have at most ${URL_CHARS_MAX} characters`;
  const url = URL.parse(value);
  if (url === null) return 'must be an absolute address';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  if (url.hostname === '') return 'must name a host';
  return null;
}
