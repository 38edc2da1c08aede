import Fastify from 'fastify';
import pg from 'pg';
import { findAgentWithSpec } from '../../services/nanda/store/agents.ts';
import { announce, settingsOf } from './graph.ts';

// One row by a bare route: the platform's statement through pg's own pool, as a role that no policy applies to. No tokens,
// no tenant, no limits, no log.

const { databaseUrl, tenantId } = settingsOf<{ readonly databaseUrl: string; readonly tenantId: string }>();
const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
const { text } = findAgentWithSpec.statement;

const app = Fastify();
app.get<{ Params: { id: string } }>('/api/v1/agents/:id', async (request, reply) => {
  const { rows } = await pool.query({ name: 'one', text, values: [tenantId, request.params.id] });
  const [row] = rows;
  return row === undefined ? reply.code(404).send({ title: 'not found' }) : row;
});
announce(await app.listen({ port: 0, host: '127.0.0.1' }));
