import { DocumentProvider } from '@candlefish/client-realtime';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** Somebody who edits a text over a socket. */
export interface SocketEditor {
  readonly doc: Y.Doc;
  /** The text as this editor sees it. */
  text(): string;
  /** Appends a word to the end of the text as this editor sees it. */
  write(word: string): void;
  /** Says where this editor's cursor is. */
  point(cursor: number): void;
  /** Cursors that others have told of. */
  cursors(): readonly unknown[];
  /** Whether every word it wrote is committed, as far as it was told; null for a client that is told nothing. */
  isSaved(): boolean | null;
  /** Goes away and takes its unsent edits along. */
  leave(): Promise<void>;
}

const ROOT = 'content';
/** A client under test comes back sooner than one of a crowd would. */
const TIMING = {
  retryBaseMs: 200,
  retryMaxMs: 1_000,
  quotaWaitMs: 5_000,
  connectMaxMs: 5_000,
  probeAfterMs: 2_000,
  silenceMaxMs: 5_000,
  stableAfterMs: 1_000,
};
/** Longest wait of a stock client between two tries. */
const STOCK_RETRY_MAX_MS = 1_000;

/** Where and as whom somebody edits. */
export interface EditingPlace {
  /** Address of the platform without a slash at the end. */
  readonly url: string;
  readonly documentId: string;
  readonly token: string;
}

/** An editor with the platform's own client, which is told what is committed. */
export function tellingEditor({ url, documentId, token }: EditingPlace): SocketEditor {
  const provider = new DocumentProvider({
    url,
    documentId,
    credential: () => ({ headers: { authorization: `Bearer ${token}` } }),
    timing: TIMING,
  });
  const content = () => provider.doc.getText(ROOT);
  return {
    get doc() {
      return provider.doc;
    },
    text: () => content().toString(),
    write: (word) => content().insert(content().length, word),
    point: (cursor) => provider.awareness.setLocalStateField('cursor', cursor),
    cursors: () => cursorsIn(provider.awareness),
    isSaved: () => provider.state.status === 'saved',
    leave: () => provider.destroy(),
  };
}

/** An editor with the stock y-websocket provider. */
export function stockEditor({ url, documentId, token }: EditingPlace): SocketEditor {
  const doc = new Y.Doc();
  class WithToken extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers: { authorization: `Bearer ${token}` } });
    }
  }
  const provider = new WebsocketProvider(`${url.replace(/^http/, 'ws')}/ws`, documentId, doc, {
    // Node's sockets have all that the provider uses of a browser's.
    WebSocketPolyfill: WithToken as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: STOCK_RETRY_MAX_MS,
  });
  const content = doc.getText(ROOT);
  return {
    doc,
    text: () => content.toString(),
    write: (word) => content.insert(content.length, word),
    point: (cursor) => provider.awareness.setLocalStateField('cursor', cursor),
    cursors: () => cursorsIn(provider.awareness),
    isSaved: () => null,
    async leave() {
      provider.destroy();
      doc.destroy();
    },
  };
}

/** An editor with the stock Hocuspocus provider, which counts what is not committed. */
export function hocuspocusEditor({ url, documentId, token }: EditingPlace): SocketEditor {
  const doc = new Y.Doc();
  const socket = new HocuspocusProviderWebsocket({
    url: `${url.replace(/^http/, 'ws')}/ws/hocuspocus`,
    WebSocketPolyfill: Tolerant,
    delay: STOCK_RETRY_MIN_MS,
    minDelay: STOCK_RETRY_MIN_MS,
    maxDelay: STOCK_RETRY_MAX_MS,
  });
  const provider = new HocuspocusProvider({ websocketProvider: socket, name: documentId, document: doc, token });
  provider.attach();
  const content = doc.getText(ROOT);
  return {
    doc,
    text: () => content.toString(),
    write: (word) => content.insert(content.length, word),
    point: (cursor) => provider.setAwarenessField('cursor', cursor),
    cursors: () => (provider.awareness === null ? [] : cursorsIn(provider.awareness)),
    isSaved: () => !provider.hasUnsyncedChanges,
    async leave() {
      provider.destroy();
      socket.destroy();
      doc.destroy();
    },
  };
}

/** Shortest wait of a stock client between two tries. */
const STOCK_RETRY_MIN_MS = 200;

/** A provider that is destroyed while it connects listens no more, and Node's sockets then throw what they have to say. */
class Tolerant extends WebSocket {
  constructor(address: string | URL) {
    super(address);
    this.on('error', () => undefined);
  }
}

/** What awareness of Yjs has in any provider. */
interface States {
  readonly clientID: number;
  getStates(): ReadonlyMap<number, Readonly<Record<string, unknown>>>;
}

function cursorsIn(awareness: States): readonly unknown[] {
  return [...awareness.getStates()].filter(([id]) => id !== awareness.clientID).map(([, state]) => state['cursor']);
}
