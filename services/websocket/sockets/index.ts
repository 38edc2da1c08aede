import type { SocketRoute, SocketsDeclaration } from '@candlefish/kit/sockets';
import type { WebsocketService } from '../ctx.ts';
import { redeemTicket } from '../operations/redeem-ticket.ts';
import { openDocument } from './document.ts';

const documents: SocketRoute<WebsocketService> = {
  path: '/ws/{documentId}',
  summary: 'A document: y-websocket with acknowledgements',
  protocols: ['y-ack.v1', 'y'],
  openWord: 'share',
  open: openDocument,
};

/** Sockets to operations. */
export const sockets: SocketsDeclaration<WebsocketService> = {
  routes: [documents],
  limits: ({ config }) => config,
  redeem: redeemTicket,
  drain: ({ hub }, signal) => hub.drained(signal),
};
