/** Where Redis is and how to sign in there, as read from `REDIS_URL`. */
export interface RedisAddress {
  readonly mode: 'single' | 'cluster';
  /** One node for a single server; any number of seeds for a cluster. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  readonly password?: string;
  /** Database number; always 0 on a cluster. */
  readonly db: number;
  readonly tls: boolean;
}

const DEFAULT_PORT = 6379;
const FORMS =
  'redis://[user:password@]host[:port][/db], rediss://… for TLS, or redis+cluster://[user:password@]host:port,host:port for a cluster';

/**
 * Reads a Redis address. Several hosts separated by commas, or a scheme with `+cluster`, mean a cluster.
 * @throws TypeError that names the accepted forms and never repeats the text, since it may hold a password.
 */
export function parseRedisUrl(text: string): RedisAddress {
  const match = /^(rediss?)(\+cluster)?:\/\/(?:([^@/]*)@)?([^@/]+)(?:\/(\d{1,3})?)?$/.exec(text.trim());
  const [, scheme, clusterMark, login, hosts, dbText] = match ?? [];
  if (scheme === undefined || hosts === undefined) throw new TypeError(`not a Redis address; expected ${FORMS}`);
  const nodes = hosts.split(',').map(parseNode);
  const mode = clusterMark !== undefined || nodes.length > 1 ? 'cluster' : 'single';
  const db = Number(dbText ?? 0);
  if (mode === 'cluster' && db !== 0) throw new TypeError('a Redis cluster has database 0 only');
  return { mode, nodes, db, tls: scheme === 'rediss', ...parseLogin(login) };
}

function parseNode(text: string): { host: string; port: number } {
  // Seeds of a list may repeat the scheme: redis://a:1,redis://b:2 does not match above, a:1,b:2 and [::1]:2 do.
  const match = /^(\[[0-9a-fA-F:]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  const port = Number(match?.[2] ?? DEFAULT_PORT);
  if (host === undefined || port < 1 || port > 65_535) throw new TypeError(`not a Redis host; expected ${FORMS}`);
  return { host, port };
}

function parseLogin(login: string | undefined): { username?: string; password?: string } {
  if (login === undefined || login === '') return {};
  const colon = login.indexOf(':');
  const [username, password] = colon === -1 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}
