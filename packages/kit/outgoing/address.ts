import ipaddr from 'ipaddr.js';

/** The part of IPv6 that is given out for the public internet (RFC 4291, section 2.4; IANA registry). */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
/** Well-known prefix of NAT64 (RFC 6052): the last 32 bits are an IPv4 address, which is what counts. */
const NAT64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/** Which addresses may be called. */
export interface AddressPolicy {
  /** Development only: lets 127.0.0.0/8 and ::1 through. */
  readonly allowLoopback: boolean;
}

/**
 * Whether an IP address is one of the public internet. Everything else is refused: loopback, private, link-local,
 * carrier-grade NAT, multicast, documentation, tunnels, and IPv4 of these kinds in any IPv6 clothing.
 * @param address Textual IPv4 or IPv6 address, without brackets.
 */
export function mayReach(address: string, policy: AddressPolicy): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv4 ? mayReachV4(parsed, policy) : mayReachV6(parsed as ipaddr.IPv6, policy);
}

function mayReachV4(address: ipaddr.IPv4, policy: AddressPolicy): boolean {
  const range = address.range();
  return range === 'unicast' || (range === 'loopback' && policy.allowLoopback);
}

function mayReachV6(address: ipaddr.IPv6, policy: AddressPolicy): boolean {
  if (address.zoneId !== undefined) return false;
  if (address.isIPv4MappedAddress()) return mayReachV4(address.toIPv4Address(), policy);
  if (address.match(NAT64)) return mayReachV4(new ipaddr.IPv4(address.toByteArray().slice(12)), policy);
  const range = address.range();
  if (range === 'loopback') return policy.allowLoopback;
  return range === 'unicast' && address.match(GLOBAL_UNICAST);
}
