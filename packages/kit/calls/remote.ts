import { Agent } from 'undici';
import { type Ctx, type RequestScope, requestScopeOf } from '../context/index.ts';
import { AppError, type FieldError, platformErrors } from '../errors/index.ts';
import { type JsonAnswer, postJson } from './post-json.ts';
import type { ServiceIdentity } from './service-token.ts';

/** Connections kept open to each process. */
const CONNECTIONS_PER_ORIGIN = 32;
/** Longest wait for an answer, in ms, when the caller's own deadline is later. */
const ANSWER_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 1_000;
/** Answers larger than this are refused: contracts carry records, not files. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const RETRY_AFTER_MS = 1_000;

/** Calls services in other processes. */
export interface RemoteCaller {
  call(ctx: Ctx, name: string, input: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** What the process needs to know to call others. */
export interface RemoteOptions {
  /** Base address by service name. */
  readonly addresses: ReadonlyMap<string, URL>;
  readonly identity: ServiceIdentity;
  /** Name this process goes by: the first of its targets. */
  readonly self: string;
}

/**
 * The headers that carry a context to another process: who calls (service token), for whom (the caller's credential,
 * verified again there), which request.
 */
export async function outgoingHeaders(
  { actor, credential, requestId, clientAddress }: RequestScope,
  now: Date,
  options: Pick<RemoteOptions, 'identity' | 'self'>,
): Promise<Record<string, string>> {
  if (credential === null && actor.kind !== 'anonymous' && actor.kind !== 'system') {
    throw new Error('a call to another process needs the credential of its actor');
  }
  const acting = actor.kind === 'system' ? 'system' : 'caller';
  const token = await options.identity.issue(
    { service: options.self, acting, tenantId: acting === 'system' ? actor.tenantId : null },
    now,
  );
  return {
    'x-service-token': token,
    'x-request-id': requestId,
    ...(clientAddress === null ? {} : { 'x-client-address': clientAddress }),
    ...(credential?.kind === 'bearer' ? { authorization: `Bearer ${credential.value}` } : {}),
    ...(credential?.kind === 'api_key' ? { 'x-api-key': credential.value } : {}),
  };
}

/** Makes the caller of one process. */
export function remoteCaller(options: RemoteOptions): RemoteCaller {
  const agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  return {
    async call(ctx, name, input) {
      const service = name.slice(0, name.indexOf('.'));
      const address = options.addresses.get(service);
      if (address === undefined) throw new Error(`no address is configured for the service ${service}`);
      const headers = await outgoingHeaders(requestScopeOf(ctx), ctx.clock.now(), options);
      const answer = await send(agent, address.origin, `/internal/calls/${name}`, headers, input, ctx.signal);
      if (answer.status === 200) return answer.body;
      throw refusal(answer);
    },
    close: () => agent.close(),
  };
}

async function send(
  agent: Agent,
  origin: string,
  path: string,
  headers: Record<string, string>,
  input: unknown,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  try {
    const body = JSON.stringify(input ?? null);
    return await postJson(agent, { origin, path, headers, body, signal, answerBytesMax: ANSWER_BYTES_MAX });
  } catch (cause) {
    signal.throwIfAborted();
    throw platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS, cause });
  }
}

/** The members of a problem document that an error is rebuilt from. */
interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The error of the other side as if it had been thrown here: same code, status and public members. */
function refusal(answer: JsonAnswer): AppError {
  const problem = (answer.body ?? {}) as Problem;
  if (answer.status === 504) return platformErrors.timeout({ cause: problem });
  if (problem.code === undefined || answer.status >= 500) {
    return platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS, cause: problem });
  }
  return new AppError(
    { code: problem.code, status: answer.status, title: problem.title ?? problem.code },
    {
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      ...(problem.errors === undefined ? {} : { fields: problem.errors }),
      ...(problem.extensions === undefined ? {} : { extensions: problem.extensions }),
    },
  );
}
