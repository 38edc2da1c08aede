import { findUsersCall } from '@candlefish/auth/contract';
import { appendUpdates, joinDocument, readDifference, readUpdatesAfter } from '@candlefish/document/contract';
import { defineService } from '@candlefish/kit/service';
import { websocketErrors } from './contract.ts';
import { policy } from './policy.ts';
import { resolvers } from './resolvers.ts';
import { routes } from './routes.ts';
import { config } from './setup/config.ts';
import { openWebsocketService } from './setup/index.ts';
import { sockets } from './sockets/index.ts';

/** Sockets: live documents, rooms, presence and the event feed. */
export const websocket = defineService({
  name: 'websocket',
  summary: 'Sockets: live documents with acknowledgements, rooms, who is online, the event feed.',
  paths: ['/ws', '/api/v1/ws-tickets', '/api/v1/presence'],
  needs: ['postgres'],
  calls: [findUsersCall, joinDocument, readDifference, appendUpdates, readUpdatesAfter],
  config,
  policy,
  errors: websocketErrors,
  setup: async (parts) => openWebsocketService(parts),
  close: ({ hub }) => hub.close(),
  routes,
  graphql: { schema: new URL('./schema.graphql', import.meta.url), resolvers },
  sockets,
  migrations: new URL('./migrations/', import.meta.url),
  scaling: { min: 2, max: 20, cpuPercent: 60, requestsPerSecond: 500 },
  slo: { p95Ms: 100, availability: 0.999 },
});
