import type { Connection, SocketHandler } from '@candlefish/kit/sockets';
import type { WebsocketCtx } from '../ctx.ts';

/** Opens a connection to the channel of the caller's tenant. */
export function openChannel(ctx: WebsocketCtx, connection: Connection): SocketHandler {
  ctx.authorize('socket:open');
  return ctx.service.hub.openChannel(connection);
}
