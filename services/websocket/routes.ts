import { routesOf } from '@candlefish/kit/http';
import { Type } from 'typebox';
import { websocketErrors } from './contract.ts';
import type { WebsocketService } from './ctx.ts';
import { createTicket } from './operations/create-ticket.ts';
import { listOnline, type OnlineMember } from './operations/presence.ts';

const route = routesOf<WebsocketService>();

const STRICT = { additionalProperties: false } as const;

const SocketTicket = Type.Object(
  {
    ticket: Type.String({ description: 'Sent as the subprotocol `ticket.<value>` when the socket is opened.' }),
    expiresInMs: Type.Integer({ minimum: 0 }),
  },
  { ...STRICT, title: 'SocketTicket' },
);

const OnlineMemberSchema = Type.Object(
  {
    user: Type.Object(
      {
        id: Type.String({ description: 'Id of the user, key or agent.' }),
        name: Type.String(),
        kind: Type.String({ enum: ['anonymous', 'user', 'api_key', 'agent', 'system'] }),
      },
      STRICT,
    ),
    since: Type.String({ format: 'date-time' }),
    connections: Type.Integer({ minimum: 1 }),
  },
  { ...STRICT, title: 'OnlineMember' },
);

const toBody = ({ user, since, connections }: OnlineMember) => ({ user, since: since.toISOString(), connections });

const exampleMember = {
  user: { id: '0198c0de-0000-7000-8000-000000000002', name: 'ada', kind: 'user' },
  since: '2026-11-22T12:00:00.000Z',
  connections: 1,
};

/** REST to operations. */
export const routes = [
  route({
    method: 'POST',
    path: '/api/v1/ws-tickets',
    operationId: 'createSocketTicket',
    summary: 'Get a ticket to open a socket with',
    description:
      'For browsers, which cannot send headers with a socket. The ticket stands for the credential of this request, once and for half a minute.',
    access: 'authenticated',
    response: { status: 201, description: 'The ticket.', schema: SocketTicket },
    errors: [websocketErrors.ticketNeedsCredential],
    example: { response: { ticket: 'q83vEjRWeJA…', expiresInMs: 30_000 } },
    idempotency: false,
    handle: async (ctx) => ({ body: createTicket(ctx) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/presence',
    operationId: 'listOnlineMembers',
    summary: 'List who is online',
    description: 'Everybody of the tenant with a socket open, on any node, the longest present first.',
    access: 'authenticated',
    response: {
      status: 200,
      description: 'Who is online.',
      schema: Type.Object({ data: Type.Array(OnlineMemberSchema) }, STRICT),
    },
    errors: [],
    example: { response: { data: [exampleMember] } },
    handle: async (ctx) => ({ body: { data: (await listOnline(ctx)).map(toBody) } }),
  }),
];
