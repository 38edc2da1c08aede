import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type DocumentNode, GraphQLError, getOperationAST, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { acceptInternalJson } from '../calls/internal-json.ts';
import type { RequestScope } from '../context/index.ts';
import { isAppError, platformErrors } from '../errors/index.ts';
import { EventStreamBody } from './event-stream-body.ts';
import type { Subgraph, SubgraphRequest } from './subgraph.ts';

/** What serving subgraphs to other processes needs. */
export interface ServeSubgraphsOptions {
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  /** Aborts when the process begins to drain; streams end then. */
  readonly draining: AbortSignal;
  /**
   * The scope of the request after its service token and its credential were verified.
   * @throws AppError UNAUTHENTICATED
   */
  scopeOf(request: FastifyRequest): Promise<RequestScope>;
}

/** Largest request: the representations of a few hundred entities. */
const REQUEST_BYTES_MAX = 4 * 1024 * 1024;
/** Documents that gateways send; they are few, since each plan has its own. */
const DOCUMENTS_MAX = 1_000;

/** `POST /internal/subgraphs/{name}`: what a gateway in another process asks. Never routed from outside. */
export const subgraphsPlugin: FastifyPluginAsync<ServeSubgraphsOptions> = async (app, options) => {
  acceptInternalJson(app);
  const documents = new Map(
    [...options.subgraphs.keys()].map((name) => [name, new LRUCache<string, DocumentNode>({ max: DOCUMENTS_MAX })]),
  );
  app.post<{ Params: { name: string } }>(
    '/internal/subgraphs/:name',
    // Not `api`: who calls is told by the service token, and the caller was counted where they came in.
    { bodyLimit: REQUEST_BYTES_MAX, config: { kind: 'page' } },
    async (request, reply) => {
      const { name } = request.params;
      const subgraph = options.subgraphs.get(name);
      const known = documents.get(name);
      if (subgraph === undefined || known === undefined) throw platformErrors.notFound();
      const scope = await options.scopeOf(request);
      const asked = subgraphRequest(subgraph, known, request.body, scope);
      // A stream goes on for as long as its reader stays; the deadline of a request does not hold.
      if (asked.operationType === 'subscription') request.scope.liftDeadline();
      const answer = await subgraph.execute(asked);
      if (!(Symbol.asyncIterator in answer)) return answer;
      return sendStream(reply, new EventStreamBody(answer, options.draining));
    },
  );
};

const sendStream = (reply: FastifyReply, body: EventStreamBody): FastifyReply =>
  reply.header('content-type', 'text/event-stream; charset=utf-8').send(body);

function subgraphRequest(
  subgraph: Subgraph,
  known: LRUCache<string, DocumentNode>,
  body: unknown,
  scope: RequestScope,
): SubgraphRequest {
  const { query, operationName, variables } = (body ?? {}) as {
    readonly query?: unknown;
    readonly operationName?: unknown;
    readonly variables?: unknown;
  };
  if (typeof query !== 'string') throw platformErrors.badRequest({ detail: 'The member query is missing.' });
  const document = documentOf(subgraph, known, query);
  const name = typeof operationName === 'string' ? operationName : undefined;
  const operation = getOperationAST(document, name);
  if (operation == null) throw platformErrors.badRequest({ detail: 'The operation is not in the document.' });
  return {
    document,
    operationName: name,
    operationType: operation.operation,
    variables: (variables ?? undefined) as SubgraphRequest['variables'],
    scope,
  };
}

/** The compiled engine does not validate, so what comes over the network is validated here. */
function documentOf({ schema }: Subgraph, known: LRUCache<string, DocumentNode>, query: string): DocumentNode {
  const found = known.get(query);
  if (found !== undefined) return found;
  try {
    const document = parse(query, { noLocation: true });
    const [wrong] = validate(schema, document, undefined, { maxErrors: 1 });
    if (wrong !== undefined) throw wrong;
    known.set(query, document);
    return document;
  } catch (cause) {
    if (!isAppError(cause) && cause instanceof GraphQLError) throw platformErrors.badRequest({ detail: cause.message });
    throw cause;
  }
}
