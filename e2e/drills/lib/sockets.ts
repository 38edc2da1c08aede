import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** A subscription on a socket of its own. */
export interface OpenSubscription {
  /** When the server ended it, by `performance.now()`; null while it is open. */
  endedAt(): number | null;
  received(): number;
  close(): Promise<void>;
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
