import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Ways a subscription can be carried. */
export const TRANSPORTS = ['WebSocket', 'SSE'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** What a credential is sent as: request headers, which a socket sends with its upgrade. */
export type Credential = Readonly<Record<string, string>>;

export const bearer = (token: string): Credential => ({ authorization: `Bearer ${token}` });
export const NOBODY: Credential = {};

/** A subscription, and what it starts with. */
export interface Subscription {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A result of a subscription as the client library hands it over. */
export interface StreamResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

/** Results as they come. Ends when the server completes; throws when the connection breaks or is refused. */
export interface ResultStream extends AsyncIterable<StreamResult> {
  /** Leaves, and closes the connection. */
  leave(): void;
}

/** Subscribes over a connection of its own with a client library that never tries again by itself. */
export function subscribe(
  url: string,
  credential: Credential,
  transport: Transport,
  subscription: Subscription,
): ResultStream {
  return transport === 'SSE' ? overSse(url, credential, subscription) : overSocket(url, credential, subscription);
}

function overSse(url: string, credential: Credential, { query, variables }: Subscription): ResultStream {
  const client = createSseClient({ url: `${url}/graphql`, headers: { ...credential }, retryAttempts: 0 });
  const results = client.iterate({ query, variables: { ...variables } });
  return {
    [Symbol.asyncIterator]: () => results as AsyncIterator<StreamResult>,
    leave: () => client.dispose(),
  };
}

function overSocket(url: string, credential: Credential, { query, variables }: Subscription): ResultStream {
  class SocketWithHeaders extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers: { ...credential } });
    }
  }
  const client = createSocketClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: SocketWithHeaders,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
  });
  const results = client.iterate({ query, variables: { ...variables } });
  return {
    [Symbol.asyncIterator]: () => results as AsyncIterator<StreamResult>,
    // A connection that breaks while it is being made has nothing to close; the iterator told of it.
    leave: () => void Promise.resolve(client.dispose()).catch(() => undefined),
  };
}

/** Items of a subscription, kept over broken connections: each time it goes on after the last cursor it saw. */
export interface Follower<Item> {
  readonly items: readonly Item[];
  /** How often the connection broke. */
  readonly breaks: number;
  /** Resolves when this many items are there. @throws Error with what is there after 20 s, or what the server answered. */
  reached(count: number): Promise<readonly Item[]>;
  leave(): Promise<void>;
}

/** Waiting longer means that something was lost. */
const REACHED_MAX_MS = 20_000;
/** Tries of one follower; more means that the server lets nobody in. */
const CONNECTIONS_MAX = 500;

/**
 * Follows a subscription whose field has `cursor` in its payload and `after` among its arguments, as a careful client does.
 * @param field Name of the subscription's field.
 * @param subscription Its document takes `$after: Cursor`.
 */
export function follow<Item extends { readonly cursor: string }>(
  connect: { readonly url: string; readonly credential: Credential; readonly transport: Transport },
  field: string,
  subscription: Subscription,
): Follower<Item> {
  const items: Item[] = [];
  let breaks = 0;
  let stream: ResultStream | null = null;
  let left = false;
  let failure: Error | null = null;
  let wake = (): void => undefined;

  const read = async (after: unknown): Promise<void> => {
    const variables = { ...subscription.variables, after };
    stream = subscribe(connect.url, connect.credential, connect.transport, { query: subscription.query, variables });
    for await (const { data, errors } of stream) {
      if (errors !== undefined) throw new RefusedError(JSON.stringify(errors));
      items.push((data as Record<string, Item>)[field] as Item);
      wake();
    }
  };
  const run = async (): Promise<void> => {
    for (let connections = 0; !left && connections < CONNECTIONS_MAX; connections++) {
      try {
        await read(items.at(-1)?.cursor ?? subscription.variables['after'] ?? null);
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        if (isRefusal(error)) throw new RefusedError(JSON.stringify(wordOf(error)));
      }
      stream?.leave();
      breaks++;
    }
    if (!left) throw new Error(`${CONNECTIONS_MAX} connections broke`);
  };
  const running = run().catch((error: Error) => {
    failure = error;
    wake();
  });
  return {
    items,
    get breaks() {
      return breaks;
    },
    async reached(count) {
      const late = AbortSignal.timeout(REACHED_MAX_MS);
      late.addEventListener('abort', () => wake());
      while (items.length < count) {
        if (failure !== null) throw failure;
        if (late.aborted) throw new Error(`${items.length} of ${count} items came within ${REACHED_MAX_MS} ms`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return items;
    },
    async leave() {
      left = true;
      stream?.leave();
      await running;
    },
  };
}

/** The server answered, and its answer was no. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Whether a client library reports an answer of the server, and not a connection that broke. */
function isRefusal(error: unknown): boolean {
  const { response, code } = error as { readonly response?: unknown; readonly code?: unknown };
  return Array.isArray(error) || response !== undefined || (typeof code === 'number' && code >= 4_400 && code < 4_500);
}

/** What a server says to one who subscribes and stays until the first word: a result, or how the connection ended. */
export async function firstWord(
  url: string,
  credential: Credential,
  transport: Transport,
  subscription: Subscription,
): Promise<unknown> {
  const stream = subscribe(url, credential, transport, subscription);
  try {
    for await (const result of stream) return result;
    return 'completed';
  } catch (error) {
    return wordOf(error);
  } finally {
    stream.leave();
  }
}

/** Somebody who stays until the server ends it. */
export interface Watcher {
  /** Results so far. */
  count(): number;
  /** How it ended: `completed`, or what broke it. */
  readonly ended: Promise<unknown>;
}

/** Subscribes and stays. */
export function watch(url: string, credential: Credential, transport: Transport, subscription: Subscription): Watcher {
  const stream = subscribe(url, credential, transport, subscription);
  let count = 0;
  const stay = async (): Promise<unknown> => {
    try {
      for await (const result of stream) {
        if (result.errors !== undefined) return result;
        count += 1;
      }
      return 'completed';
    } catch (error) {
      return wordOf(error);
    } finally {
      stream.leave();
    }
  };
  return { count: () => count, ended: stay() };
}

function wordOf(error: unknown): unknown {
  if (Array.isArray(error)) return { errors: error };
  const { code, reason, message, response } = error as {
    readonly code?: unknown;
    readonly reason?: unknown;
    readonly message?: unknown;
    readonly response?: Response;
  };
  if (response !== undefined) return { status: response.status };
  return { code, reason: reason ?? message };
}
