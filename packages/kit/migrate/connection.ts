import pg from 'pg';

/** A server that accepts no connection for this long is down: say so rather than hang the start. */
const CONNECT_MAX_MS = 10_000;

/**
 * Opens one connection, gives it to `use` and ends it afterwards. An abort cancels the statement that runs, which then
 * fails and rolls back.
 * @param url Connection string; must reach the server itself, not a transaction pooler.
 */
export async function withConnection<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const client = newClient(url);
  let lost: Error | undefined;
  // Without a listener a lost connection ends the process; the statement that meets it fails, and carries it as cause.
  client.on('error', (error) => {
    lost ??= error;
  });
  await client.connect();
  let cancelled: Promise<void> | undefined;
  const onAbort = (): void => {
    cancelled = cancelStatement(url, client);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await use(client);
  } catch (error) {
    if (lost !== undefined && error instanceof Error && error.cause === undefined) error.cause = lost;
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await cancelled;
    await client.end();
  }
}

/** A client with a bounded wait for the connection. */
export const newClient = (url: string): pg.Client =>
  new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MAX_MS, keepAlive: true });

async function cancelStatement(url: string, client: pg.Client): Promise<void> {
  const { processID } = client as unknown as { readonly processID: number | null };
  if (processID === null) return;
  const canceller = newClient(url);
  await canceller.connect();
  try {
    await canceller.query('select pg_catalog.pg_cancel_backend($1)', [processID]);
  } finally {
    await canceller.end();
  }
}
