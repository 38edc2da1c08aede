import type { RedisOptions } from 'ioredis';

/** A server that comes back is found again within this time, ms. */
export const RETRY_DELAY_MAX_MS = 500;

const CONNECT_TIMEOUT_MS = 2_000; // a SYN lost once is sent again after one second

/** How a connection signs in. */
export interface RedisLogin {
  readonly db: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

/** What every connection has in common: nothing waits for a server that is away, and nothing is sent twice. */
export function connectionOptions(login: RedisLogin, commandTimeoutMs: number): RedisOptions {
  return {
    db: login.db,
    ...(login.username === undefined ? {} : { username: login.username }),
    ...(login.password === undefined ? {} : { password: login.password }),
    ...(login.tls ? { tls: {} } : {}),
    commandTimeout: commandTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    // A command that was under way when the connection broke may have run: repeating it would count a request twice.
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    disableClientInfo: true,
    connectionName: 'candlefish',
  };
}
