import type { Connection, SocketHandler, SocketRequest } from '@candlefish/kit/sockets';
import type { WebsocketCtx } from '../ctx.ts';

/** Opens a connection in a document. What the caller may do there is the document's to say. */
export const openDocument = (ctx: WebsocketCtx, connection: Connection, request: SocketRequest): SocketHandler =>
  ctx.service.hub.openDocument(connection, request);
