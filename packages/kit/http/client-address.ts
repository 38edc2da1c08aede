import ipaddr from 'ipaddr.js';

/** More entries than any chain of proxies has; the rest was made up by the client. */
const FORWARDED_MAX = 16;

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Finds the client behind proxies that are trusted, and nobody else's word for it. */
export class ClientAddresses {
  readonly #trusted: readonly Network[];

  /** @param trusted addresses or networks (`10.0.0.0/8`) whose X-Forwarded-For is believed. @throws Error on a bad one. */
  constructor(trusted: readonly string[]) {
    this.#trusted = trusted.map((text) => {
      if (text.includes('/')) return ipaddr.parseCIDR(text);
      const address = ipaddr.process(text);
      return [address, address.kind() === 'ipv4' ? 32 : 128] as const;
    });
  }

  /**
   * The address of the client.
   * @param peer address of the other end of the connection.
   * @param forwardedFor `X-Forwarded-For` as it came.
   */
  of(peer: string | undefined, forwardedFor: string | undefined): string | null {
    if (peer === undefined) return null;
    const direct = peer.startsWith('::ffff:') && peer.includes('.') ? peer.slice('::ffff:'.length) : peer;
    if (forwardedFor === undefined || !this.#isTrusted(direct)) return direct;
    let client = direct;
    for (const entry of forwardedFor.split(',').slice(-FORWARDED_MAX).toReversed()) {
      const text = entry.trim();
      if (!ipaddr.isValid(text)) break;
      client = ipaddr.process(text).toString();
      if (!this.#isTrusted(client)) break;
    }
    return client;
  }

  /** Whether the other end of the connection is a trusted proxy. */
  isTrusted(peer: string | undefined): boolean {
    return peer !== undefined && this.#isTrusted(peer);
  }

  #isTrusted(text: string): boolean {
    if (this.#trusted.length === 0 || !ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return this.#trusted.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits));
  }
}
