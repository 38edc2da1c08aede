/**
 * The network of a client, coarse enough to survive a new address of the same connection and to tell little about a
 * person: the first 24 bits of IPv4, the first 48 of IPv6. Empty when the address is not known.
 */
export function addressPrefix(address: string | null): string {
  if (address === null) return '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  const text = mapped?.[1] ?? address;
  const v4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(text);
  if (v4 !== null) return `${v4[1]}.0/24`;
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(':')) return '';
  const [head = '', tail] = text.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const full = [
    ...groups,
    ...Array.from({ length: Math.max(0, missing) }, () => '0'),
    ...(tail ? tail.split(':') : []),
  ];
  return `${full
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/48`;
}
