import type { FastifyInstance } from 'fastify';
import { platformErrors } from '../errors/index.ts';

/**
 * Has the routes of a plugin read what other processes of the platform send: JSON as JavaScript writes it. What a client may
 * send wrong was looked for where it came in, and looking costs more than reading.
 */
export function acceptInternalJson(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body: string, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body));
    } catch {
      done(platformErrors.badRequest({ detail: 'The body is not valid JSON.' }));
    }
  });
}
