import type { SocketRoute, SocketsDeclaration } from '@candlefish/kit/sockets';
import type { WebsocketService } from '../ctx.ts';
import { hocuspocusGreeting } from '../operations/hocuspocus-greeting.ts';
import { redeemTicket } from '../operations/redeem-ticket.ts';
import { openChannel } from './channel.ts';
import { openDocument } from './document.ts';
import { openHocuspocus } from './hocuspocus.ts';

const documents: SocketRoute<WebsocketService> = {
  path: '/ws/{documentId}',
  summary: 'A document: y-websocket with acknowledgements',
  protocols: ['y-ack.v1', 'y'],
  openWord: 'share',
  open: openDocument,
};

const hocuspocus: SocketRoute<WebsocketService> = {
  path: '/ws/hocuspocus',
  summary: 'Documents as Hocuspocus providers speak, several on one socket',
  protocols: [],
  greeting: hocuspocusGreeting,
  open: openHocuspocus,
};

const channel: SocketRoute<WebsocketService> = {
  path: '/ws',
  summary: 'The channel: rooms, who is where, the event feed',
  protocols: ['candlefish.v1'],
  open: openChannel,
};

/** Sockets to operations. */
export const sockets: SocketsDeclaration<WebsocketService> = {
  // The first path that fits is taken: a word stands before a parameter.
  routes: [hocuspocus, documents, channel],
  limits: ({ config }) => config,
  redeem: redeemTicket,
  drain: ({ hub }, signal) => hub.drained(signal),
};
