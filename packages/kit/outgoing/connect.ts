import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressPolicy, mayReach } from './address.ts';
import { OutgoingError } from './errors.ts';

/** Longest wait for a connection and its TLS handshake, in ms. */
const CONNECT_TIMEOUT_MS = 5_000;

const refused = (): OutgoingError => new OutgoingError('address', 'The address is not one of the public internet.');

/** An address that a name resolved to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds all addresses of a name; tests give their own. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** The machine's own resolver, with /etc/hosts. */
export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/**
 * Connects only where the policy allows. The check stands between resolving and connecting, on the very addresses that
 * are then connected to, so a name cannot answer one thing to the check and another to the connection.
 */
export function guardedConnector(policy: AddressPolicy, resolve: Resolve): buildConnector.connector {
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        // One forbidden address among good ones is how a rebinding answer looks.
        if (addresses.length === 0 || !addresses.every(({ address }) => mayReach(address, policy))) {
          callback(refused(), '', 0);
          return;
        }
        const [first] = addresses;
        if (options.all === true || first === undefined)
          callback(
            null,
            addresses.map((entry) => ({ ...entry })),
          );
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
  const connect = buildConnector({ lookup, timeout: CONNECT_TIMEOUT_MS, allowH2: false });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // The system connects to a literal address without asking `lookup`.
    if (isLiteral(host) && !mayReach(host, policy)) {
      callback(refused(), null);
      return;
    }
    connect(options, (...answer) => {
      const [error, socket] = answer;
      if (error === null && !mayReach(socket.remoteAddress ?? '', policy)) {
        socket.destroy();
        callback(refused(), null);
        return;
      }
      callback(...answer);
    });
  };
}

const isLiteral = (host: string): boolean => host.includes(':') || /^[\d.]+$/.test(host);
