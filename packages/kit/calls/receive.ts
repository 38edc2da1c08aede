import type { FastifyInstance } from 'fastify';
import type { Ctx, RequestScope } from '../context/index.ts';
import type { Dispatcher } from './dispatch.ts';

/** What the receiving end of calls needs from its process. */
export interface ReceiveOptions {
  readonly dispatcher: Dispatcher;
  /**
   * The request's scope after its service token and its credential were verified.
   * @throws AppError UNAUTHENTICATED
   */
  scopeOf(headers: Readonly<Record<string, string | string[] | undefined>>, signal: AbortSignal): Promise<RequestScope>;
  ctx(service: string, scope: RequestScope): Ctx;
}

/** Largest input of a call in bytes. */
const INPUT_BYTES_MAX = 4 * 1024 * 1024;

/** `POST /internal/calls/{name}`: the same contract as a call within the process. The gateway does not route here. */
export async function callsPlugin(app: FastifyInstance, options: ReceiveOptions): Promise<void> {
  app.post<{ Params: { name: string } }>('/internal/calls/:name', { bodyLimit: INPUT_BYTES_MAX }, async (request) => {
    const gone = new AbortController();
    request.raw.socket.once('close', () => gone.abort(new Error('the caller has gone')));
    const scope = await options.scopeOf(request.headers, gone.signal);
    return (await options.dispatcher.run(request.params.name, request.body, (service) => options.ctx(service, scope))) ?? null;
  });
}
