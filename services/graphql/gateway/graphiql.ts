import type { FastifyReply } from 'fastify';

/** Whether a browser opens the endpoint as a page. */
export const wantsPage = (accept: string | undefined, query: URLSearchParams): boolean =>
  !query.has('query') && !query.has('documentId') && !query.has('extensions') && (accept ?? '').includes('text/html');

export function sendGraphiql(reply: FastifyReply): FastifyReply {
  return reply.code(200).header('content-type', 'text/html; charset=utf-8').send('<!doctype html>');
}
