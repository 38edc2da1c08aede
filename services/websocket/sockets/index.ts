import type { SocketRoute, SocketsDeclaration } from '@candlefish/kit/sockets';
import type { WebsocketService } from '../ctx.ts';
import { redeemTicket } from '../operations/redeem-ticket.ts';
import { openChannel } from './channel.ts';
import { openDocument } from './document.ts';

const documents: SocketRoute<WebsocketService> = {
  path: '/ws/{documentId}',
  summary: 'A document: y-websocket with acknowledgements',
  protocols: ['y-ack.v1', 'y'],
  openWord: 'share',
  open: openDocument,
};

const channel: SocketRoute<WebsocketService> = {
  path: '/ws',
  summary: 'The channel: rooms, who is where, the event feed',
  protocols: ['candlefish.v1'],
  open: openChannel,
};

/** Sockets to operations. */
export const sockets: SocketsDeclaration<WebsocketService> = {
  routes: [documents, channel],
  limits: ({ config }) => config,
  redeem: redeemTicket,
  drain: ({ hub }, signal) => hub.drained(signal),
};
