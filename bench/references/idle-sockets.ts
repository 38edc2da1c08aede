import { WebSocket } from 'ws';
import { type DialectName, dialects } from '../lib/dialect.ts';
import { settingsOf } from './graph.ts';

// Opens sockets that say hello and then nothing.

interface Settings {
  readonly dialect: DialectName;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly documentIds: readonly string[];
  readonly socketsPerDocument: number;
}

/** Sockets that open at once. */
const OPENING_MAX = 50;
const CONNECT_MAX_MS = 30_000;

const { dialect, origin, headers, documentIds, socketsPerDocument } = settingsOf<Settings>();
const { pathOf, protocols, hello, waitsForReady, hear } = dialects[dialect];

const open = (documentId: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = { headers, perMessageDeflate: false, handshakeTimeout: CONNECT_MAX_MS };
    const socket = new WebSocket(`${origin}${pathOf(documentId)}`, [...protocols], options);
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('open', () => {
      for (const frame of hello(documentId)) socket.send(frame);
      if (!waitsForReady) resolve();
    });
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary || ['ready', 'update'].includes(hear(data).kind)) resolve();
    });
  });

process.on('message', () => {
  const all = documentIds.flatMap((id) => Array.from({ length: socketsPerDocument }, () => id));
  const openAll = async (): Promise<void> => {
    for (let start = 0; start < all.length; start += OPENING_MAX) {
      // A few at a time: an accept queue is short.
      await Promise.all(all.slice(start, start + OPENING_MAX).map(open));
    }
  };
  openAll().then(
    () => process.send?.(all.length),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.('ready');
