import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** Something that stays open until the server ends it. */
export interface OpenSocket {
  /** When the server ended it, by `performance.now()`; null while it is open. */
  endedAt(): number | null;
  close(): Promise<void>;
}

/** A subscription on a socket of its own. */
export interface OpenSubscription extends OpenSocket {
  received(): number;
}

/** Opens one subscription over WebSocket, without trying again when it ends. Resolves once the server has accepted it. */
export async function subscribe(url: string, token: string, query: string): Promise<OpenSubscription> {
  let endedAt: number | null = null;
  let received = 0;
  const end = (): void => {
    endedAt ??= performance.now();
  };
  const client: Client = createClient({
    url: url.replace(/^http/, 'ws').concat('/graphql'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: end,
    connectionParams: { authorization: `Bearer ${token}` },
    on: { closed: end },
  });
  client.subscribe(
    { query },
    {
      next: () => {
        received += 1;
      },
      error: end,
      complete: end,
    },
  );
  await new Promise<void>((resolve, reject) => {
    client.on('connected', () => resolve());
    client.on('closed', () => reject(new Error('the socket closed before it was accepted')));
  });
  return {
    endedAt: () => endedAt,
    received: () => received,
    close: async () => void (await client.dispose()),
  };
}

/** Where sockets of the platform are opened, and what they are told when they are let in. */
const LET_IN = { channel: 'ready', document: 'joined' } as const;

/**
 * Opens the channel of the caller's tenant, or a document, without trying again when it ends. Resolves once it is let in.
 * @param credential Headers of the upgrade.
 */
export async function openSocket(
  url: string,
  credential: Readonly<Record<string, string>>,
  documentId: string | null,
): Promise<OpenSocket> {
  const kind = documentId === null ? 'channel' : 'document';
  const path = documentId === null ? '/ws' : `/ws/${documentId}`;
  const protocol = documentId === null ? 'candlefish.v1' : 'y-ack.v1';
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, protocol, { headers: { ...credential } });
  let endedAt: number | null = null;
  // What becomes of it is told by its close.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    endedAt = performance.now();
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary && data.includes(`"${LET_IN[kind]}"`)) resolve();
    });
    socket.once('close', (code) => reject(new Error(`the ${kind} was closed with ${code} before it was let in`)));
  });
  return {
    endedAt: () => endedAt,
    close: async () => socket.terminate(),
  };
}

/** Whether a ticket opens a document. */
export async function redeems(url: string, documentId: string, ticket: string): Promise<boolean> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/${documentId}`, ['y-ack.v1', `ticket.${ticket}`]);
  // What becomes of it is told by its close.
  socket.on('error', () => undefined);
  try {
    return await new Promise<boolean>((resolve) => {
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (!isBinary && data.includes(`"${LET_IN.document}"`)) resolve(true);
      });
      socket.once('close', () => resolve(false));
    });
  } finally {
    socket.terminate();
  }
}
