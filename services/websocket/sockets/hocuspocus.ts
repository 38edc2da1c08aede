import type { Connection, SocketHandler } from '@candlefish/kit/sockets';
import type { WebsocketCtx } from '../ctx.ts';

/** Opens a connection for documents as Hocuspocus providers speak. What the caller may do is each document's to say. */
export const openHocuspocus = (ctx: WebsocketCtx, connection: Connection): SocketHandler =>
  ctx.service.hub.openHocuspocus(connection);
