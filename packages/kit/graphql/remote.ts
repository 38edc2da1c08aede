import type { ExecutionResult } from 'graphql';
import { Agent, request } from 'undici';
import { postJson } from '../calls/post-json.ts';
import type { RequestScope } from '../context/index.ts';
import { AppError, type FieldError, platformErrors } from '../errors/index.ts';
import { textOf } from './document-text.ts';
import { graphqlErrorOf } from './errors.ts';
import { type EventStream, eventStream } from './event-stream.ts';
import { resultOf } from './json-result.ts';
import { readEvents } from './read-events.ts';
import type { SubgraphAnswer, SubgraphExecutor, SubgraphRequest } from './subgraph.ts';

/** Where the subgraphs of other processes are and how to ask them. */
export interface RemoteSubgraphsOptions {
  /** Base address of the process by the subgraph's name. */
  readonly addresses: ReadonlyMap<string, URL>;
  /** Headers that carry the scope: service token, credential, request id, client address. */
  headersOf(scope: RequestScope): Promise<Readonly<Record<string, string>>>;
}

/** The subgraphs of other processes. */
export interface RemoteSubgraphs {
  readonly executors: ReadonlyMap<string, SubgraphExecutor>;
  close(): Promise<void>;
}

/** Connections kept open to each process; a gateway of 500 requests/s with answers of 20 ms uses ten. */
const CONNECTIONS_PER_ORIGIN = 64;
const CONNECT_TIMEOUT_MS = 1_000;
/** Longest wait for an answer when the request's own deadline is later. */
const ANSWER_TIMEOUT_MS = 15_000;
/** Streams send a heartbeat every 12 s. */
const STREAM_SILENCE_MS = 30_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const RETRY_AFTER_MS = 1_000;

/** Request headers that operations may read; the rest means the connection to us, not to them. */
const PASSED_ON = ['cookie', 'idempotency-key', 'origin', 'user-agent', 'x-candlefish-csrf'] as const;

/** Executors of the subgraphs that run elsewhere. */
export function remoteSubgraphs(options: RemoteSubgraphsOptions): RemoteSubgraphs {
  const agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: STREAM_SILENCE_MS,
    maxResponseSize: -1,
  });
  const executors = new Map(
    [...options.addresses].map(([name, address]) => {
      const url = new URL(`/internal/subgraphs/${name}`, address);
      return [name, (asked: SubgraphRequest) => ask(agent, url, asked, options)] as const;
    }),
  );
  return { executors, close: () => agent.close() };
}

async function ask(
  agent: Agent,
  url: URL,
  asked: SubgraphRequest,
  options: RemoteSubgraphsOptions,
): Promise<SubgraphAnswer> {
  const { scope } = asked;
  try {
    const headers = { ...passedOn(scope), ...(await options.headersOf(scope)) };
    const body = JSON.stringify({
      query: textOf(asked.document),
      operationName: asked.operationName,
      variables: asked.variables,
    });
    if (asked.operationType === 'subscription') return await follow(agent, url, headers, body, scope);
    const { origin, pathname: path } = url;
    const { signal } = scope;
    const post = { origin, path, headers: { ...headers, accept: JSON_TYPE }, body, signal };
    const answer = await postJson(agent, { ...post, answerBytesMax: ANSWER_BYTES_MAX });
    passCookiesBack(answer.headers['set-cookie'], scope);
    if (answer.status !== 200) throw refusal(answer.status, answer.body);
    return resultOf(answer.body);
  } catch (error) {
    return { errors: [graphqlErrorOf(failureOf(error, scope.signal), scope.requestId)] };
  }
}

const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';

/** Asks for a stream. Instead of one a single result may come that says why there is none. */
async function follow(
  agent: Agent,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  scope: RequestScope,
): Promise<SubgraphAnswer> {
  const left = new AbortController();
  const signal = AbortSignal.any([scope.signal, left.signal]);
  const response = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: { ...headers, 'content-type': JSON_TYPE, accept: STREAM_TYPE },
    body,
    signal,
  });
  if (response.statusCode !== 200) throw refusal(response.statusCode, await response.body.json());
  if (!String(response.headers['content-type']).startsWith(STREAM_TYPE)) return resultOf(await response.body.json());
  const leave = (): void => left.abort(new DOMException('the subscriber has left', 'AbortError'));
  return streamOf(readEvents(response.body), signal, leave, scope);
}

const passedOn = ({ http }: RequestScope): Readonly<Record<string, string>> =>
  http === null
    ? {}
    : Object.fromEntries(
        PASSED_ON.flatMap((name) => {
          const value = http.header(name);
          return value === undefined ? [] : [[name, value] as const];
        }),
      );

const streamOf = (
  source: AsyncIterable<unknown>,
  signal: AbortSignal,
  leave: () => void,
  scope: RequestScope,
): EventStream<ExecutionResult> =>
  eventStream({
    source,
    signal,
    leave,
    map: resultOf,
    failed: (error) => ({ errors: [graphqlErrorOf(failureOf(error, scope.signal), scope.requestId)] }),
  });

function failureOf(error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted && signal.reason instanceof AppError) return signal.reason;
  if (signal.aborted && (signal.reason as Error | undefined)?.name === 'TimeoutError') return platformErrors.timeout();
  return platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS, cause: error });
}

/** A refusal of the whole request, as the other process's problem document tells it. */
function refusal(status: number, body: unknown): AppError {
  const problem = (body ?? {}) as {
    readonly code?: string;
    readonly title?: string;
    readonly detail?: string;
    readonly errors?: readonly FieldError[];
  };
  if (problem.code === undefined || status >= 500) {
    return platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS, cause: problem });
  }
  return new AppError(
    { code: problem.code, status, title: problem.title ?? problem.code },
    {
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      ...(problem.errors === undefined ? {} : { fields: problem.errors }),
    },
  );
}

const COOKIE = /^([^=;\s]+)=([^;]*)/;
const SECOND_MS = 1_000;

/** Cookies that an operation set there are set here, on the answer to the client. */
function passCookiesBack(header: string | readonly string[] | undefined, { http }: RequestScope): void {
  if (http === null || header === undefined) return;
  for (const cookie of typeof header === 'string' ? [header] : header) {
    const [, name, value] = COOKIE.exec(cookie) ?? [];
    if (name === undefined || value === undefined) continue;
    const path = /;\s*path=([^;]+)/i.exec(cookie)?.[1] ?? '/';
    const maxAgeS = Number(/;\s*max-age=(\d+)/i.exec(cookie)?.[1] ?? 0);
    http.setCookie(name, decodeURIComponent(value), { path, maxAgeMs: maxAgeS * SECOND_MS });
  }
}
