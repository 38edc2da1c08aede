import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Ctx, RequestScope } from '../context/index.ts';
import type { Dispatcher } from './dispatch.ts';
import { acceptInternalJson } from './internal-json.ts';

/** What the receiving end of calls needs from its process. */
export interface ReceiveOptions {
  readonly dispatcher: Dispatcher;
  /**
   * The request's scope after its service token and its credential were verified.
   * @throws AppError UNAUTHENTICATED
   */
  scopeOf(request: FastifyRequest): Promise<RequestScope>;
  ctx(service: string, scope: RequestScope): Ctx;
}

/** Largest input of a call in bytes. */
const INPUT_BYTES_MAX = 4 * 1024 * 1024;

/** `POST /internal/calls/{name}`: the same contract as a call within the process. The gateway does not route here. */
export const callsPlugin: FastifyPluginAsync<ReceiveOptions> = async (app, options) => {
  acceptInternalJson(app);
  app.post<{ Params: { name: string } }>('/internal/calls/:name', {
    bodyLimit: INPUT_BYTES_MAX,
    // Not `api`: who calls is told by the service token, and the caller was counted where they came in.
    config: { kind: 'page', service: 'platform' },
    async handler(request, reply) {
      const scope = await options.scopeOf(request);
      const contextOf = (service: string): Ctx => options.ctx(service, scope);
      const answer = await options.dispatcher.run(request.params.name, request.body ?? {}, contextOf);
      return reply.send(answer ?? null);
    },
  });
};
