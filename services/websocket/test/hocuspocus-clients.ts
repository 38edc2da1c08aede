import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { encode, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

/** A stock Hocuspocus provider with its document. */
export interface HocuspocusClient {
  readonly doc: Y.Doc;
  readonly provider: HocuspocusProvider;
  readonly socket: HocuspocusProviderWebsocket;
  /** The scopes it was let in with, in order. */
  readonly scopes: readonly string[];
  /** Why it was not let in, or not any more. */
  readonly denials: readonly string[];
  /** Reasons of closed documents. */
  readonly endings: readonly string[];
  close(): void;
}

/** A test waits for a second try sooner than a crowd should make one. */
const RETRY_MS = 100;

/** A stock socket for providers, that comes back soon. @param headers of the upgrade, for clients outside of browsers. */
export function hocuspocusSocket(url: string, headers: Record<string, string> = {}): HocuspocusProviderWebsocket {
  class WithHeaders extends WebSocket {
    constructor(address: string | URL) {
      super(address, { headers });
      // A provider that is destroyed while it connects listens no more.
      this.on('error', () => undefined);
    }
  }
  return new HocuspocusProviderWebsocket({
    url: `${url}/ws/hocuspocus`,
    WebSocketPolyfill: WithHeaders,
    delay: RETRY_MS,
    minDelay: RETRY_MS,
    maxDelay: RETRY_MS,
  });
}

/** Opens a document as any user of Hocuspocus would. @param shared a socket for several documents; default its own. */
export function hocuspocusClient(
  url: string,
  documentId: string,
  token: string | (() => string) | (() => Promise<string>),
  shared?: HocuspocusProviderWebsocket,
): HocuspocusClient {
  const doc = new Y.Doc();
  const socket = shared ?? hocuspocusSocket(url);
  const scopes: string[] = [];
  const denials: string[] = [];
  const endings: string[] = [];
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name: documentId,
    document: doc,
    token,
    onAuthenticated: ({ scope }) => void scopes.push(scope),
    onAuthenticationFailed: ({ reason }) => void denials.push(reason),
    onClose: ({ event }) => void (event.code === PROVIDER_CLOSED && endings.push(event.reason)),
  });
  provider.attach();
  return {
    doc,
    provider,
    socket,
    scopes,
    denials,
    endings,
    close() {
      provider.destroy();
      if (shared === undefined) socket.destroy();
      doc.destroy();
    },
  };
}

/** What a provider says of a document that was closed on an open socket. */
const PROVIDER_CLOSED = 1_000;

/** A message with the address of a document in front. */
export const addressed = (address: string, ...parts: readonly (number | string | Uint8Array)[]): Uint8Array =>
  encode((encoder) => {
    writeVarString(encoder, address);
    for (const part of parts) {
      if (typeof part === 'number') writeVarUint(encoder, part);
      else if (typeof part === 'string') writeVarString(encoder, part);
      else writeVarUint8Array(encoder, part);
    }
  });
