import { Agent, type Dispatcher, request } from 'undici';
import type { AddressPolicy } from './address.ts';
import { ACCEPT_ENCODING, readBody } from './body.ts';
import { guardedConnector, type Resolve, systemResolve } from './connect.ts';
import { OutgoingError } from './errors.ts';

/** From the first byte sent to the last byte read, redirects included. */
const TIMEOUT_MS = 10_000;
/** Decoded body; descriptions, receipts and short messages are far below. */
const BODY_BYTES_MAX = 1024 * 1024;
const REDIRECTS_MAX = 3;
/** Connections to one host: strangers' servers are not to be flooded. */
const CONNECTIONS_PER_ORIGIN = 4;
/** Idle connections are kept for calls that follow at once, not for later. */
const KEEP_ALIVE_MS = 4_000;
const HEADER_BYTES_MAX = 16 * 1024;

/** One call. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute http or https address without credentials. */
  readonly url: string;
  /** Lower-case names. Sent to the first host only: a redirect to another gets none of them but `accept`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the call when it aborts. */
  readonly signal: AbortSignal;
}

/** What came back, whatever its status. */
export interface OutgoingAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  /** Address of the last hop. */
  readonly url: string;
}

/** Calls addresses that people gave. */
export interface OutgoingClient {
  /**
   * Calls an address of the public internet: at most 10 s, 1 MiB of decoded body and, for GET, three redirects, each
   * checked like the first.
   * @throws OutgoingError with what went wrong; the reason of `signal` when that aborts.
   */
  send(call: OutgoingRequest): Promise<OutgoingAnswer>;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** How the client is made. */
export interface OutgoingOptions extends AddressPolicy {
  /** Names itself to the servers it calls. */
  readonly userAgent: string;
  readonly resolve?: Resolve;
  /** Default 10 s; tests shorten it. */
  readonly timeoutMs?: number;
}

/** Makes the client of a service; it holds connections, so it is closed at the end. */
export function createOutgoingClient(options: OutgoingOptions): OutgoingClient {
  const agent = new Agent({
    connect: guardedConnector(options, options.resolve ?? systemResolve),
    connections: CONNECTIONS_PER_ORIGIN,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    pipelining: 1,
  });
  return {
    async send(call) {
      const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
      const signal = AbortSignal.any([call.signal, timeout]);
      try {
        return await follow(agent, { ...call, signal }, options.userAgent);
      } catch (error) {
        call.signal.throwIfAborted();
        if (timeout.aborted) throw new OutgoingError('timeout', 'The answer did not come in time.', error);
        throw explained(error);
      }
    },
    close: () => agent.destroy(),
  };
}

async function follow(agent: Agent, call: OutgoingRequest, userAgent: string): Promise<OutgoingAnswer> {
  let url = checkedUrl(call.url);
  const origin = url.origin;
  for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
    // Hops follow one another: each is told by the one before.
    const answer = await hopTo(agent, call, url, url.origin === origin, userAgent);
    const location = redirectOf(answer);
    if (location === undefined || call.method !== 'GET') {
      const body = await readBody(answer.body, single(answer.headers['content-encoding']), BODY_BYTES_MAX);
      return { status: answer.statusCode, headers: answer.headers, body, url: url.href };
    }
    answer.body.destroy();
    url = nextUrl(url, location);
  }
  throw new OutgoingError('redirects', `The address redirects more than ${REDIRECTS_MAX} times.`);
}

async function hopTo(
  agent: Agent,
  call: OutgoingRequest,
  url: URL,
  sameOrigin: boolean,
  userAgent: string,
): Promise<Dispatcher.ResponseData> {
  const accept = call.headers?.['accept'];
  const own = sameOrigin ? call.headers : accept === undefined ? {} : { accept };
  const answer = await request(url, {
    dispatcher: agent,
    method: call.method,
    headers: { ...own, 'user-agent': userAgent, 'accept-encoding': ACCEPT_ENCODING },
    body: call.body ?? null,
    signal: call.signal,
  });
  // A body that is dropped or cut off emits an error, which ends the process when nobody hears it; readers get it as well.
  answer.body.on('error', () => undefined);
  return answer;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const redirectOf = (answer: Dispatcher.ResponseData): string | undefined =>
  REDIRECTS.has(answer.statusCode) ? single(answer.headers['location']) : undefined;

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

function nextUrl(from: URL, location: string): URL {
  const url = URL.parse(location, from.href);
  if (url === null) throw new OutgoingError('redirects', 'The address redirects to what is no address.');
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw new OutgoingError('redirects', 'The address redirects from https to http.');
  }
  return checkedUrl(url.href);
}

function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new OutgoingError('address', 'The address is not an absolute URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OutgoingError('address', 'The address is neither http nor https.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutgoingError('address', 'The address holds credentials.');
  }
  return url;
}

function explained(error: unknown): OutgoingError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutgoingError) return cause;
  }
  return new OutgoingError('unreachable', 'The address could not be reached or did not answer in HTTP.', error);
}
