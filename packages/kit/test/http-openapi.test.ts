import { checkRoute, errorsOf, openApiDocument, type Route } from '@candlefish/kit/http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { noteRoutes } from './http-notes.ts';

const info = { title: 'Notes', version: '1.0.0', description: 'Notes of a tenant.' };
const services = [{ name: 'notes', summary: 'Keeps notes.', routes: noteRoutes as readonly Route[] }];

/** As a client gets it: out of JSON, and looked into at known places. */
const document = JSON.parse(JSON.stringify(openApiDocument(info, services)));

describe('the OpenAPI document', () => {
  test('is valid by the official schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const outcome = await validator.validate(structuredClone(document));
    expect(outcome.errors).toBeUndefined();
    expect(outcome.valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  test('has every route, its parameters and its bodies as they are validated', () => {
    expect(Object.keys(document.paths)).toEqual(['/api/v1/notes', '/api/v1/notes/trials/{kind}', '/api/v1/notes/{id}']);
    const create = document.paths['/api/v1/notes'].post;
    expect(create.operationId).toBe('createNote');
    expect(create.requestBody.content['application/json'].schema.additionalProperties).toBe(false);
    const list = document.paths['/api/v1/notes'].get;
    const limit = list.parameters.find((parameter: { name?: string }) => parameter.name === 'limit');
    expect(limit).toMatchObject({
      in: 'query',
      required: false,
      example: 10,
      schema: { minimum: 1, maximum: 200, default: 50 },
    });
    expect(document.paths['/api/v1/notes/{id}'].get.responses['304']).toBeDefined();
  });

  test('says where Idempotency-Key and If-Match work', () => {
    const refs = (path: string, method: string): readonly string[] =>
      document.paths[path][method].parameters.flatMap((parameter: { $ref?: string }) => parameter.$ref ?? []);
    expect(refs('/api/v1/notes', 'post')).toContain('#/components/parameters/IdempotencyKey');
    expect(refs('/api/v1/notes', 'get')).not.toContain('#/components/parameters/IdempotencyKey');
    expect(refs('/api/v1/notes/{id}', 'patch')).toContain('#/components/parameters/IfMatch');
  });

  test('has an example of every error of every operation, under its status', () => {
    for (const route of noteRoutes as readonly Route[]) {
      const { responses } = document.paths[route.path][route.method.toLowerCase()];
      for (const error of errorsOf(route)) {
        const name = responses[error.status].$ref.replace('#/components/responses/', '');
        const { examples } = document.components.responses[name].content['application/problem+json'];
        expect(examples[error.code]).toEqual({ $ref: `#/components/examples/${error.code}` });
        expect(document.components.examples[error.code].value).toMatchObject({
          code: error.code,
          status: error.status,
          title: error.title,
        });
      }
    }
  });

  test('is made of routes whose schemas compile and whose examples fit', () => {
    for (const route of noteRoutes as readonly Route[]) expect(checkRoute(route)).toEqual([]);
    const [create] = noteRoutes as readonly Route[];
    if (create === undefined) throw new Error('there are routes');
    expect(checkRoute({ ...create, example: { body: { titel: 'x' } } })).toEqual([
      'createNote: body: /title is missing, /titel is not known here',
    ]);
    expect(checkRoute({ ...create, path: '/api/v1/notes/{id}' })[0]).toContain('the path has id');
    expect(checkRoute({ ...create, response: { ...create.response, schema: { type: 'strange' } } })[0]).toContain(
      'answer',
    );
  });

  test('refers only to components that it has', () => {
    const text = JSON.stringify(document);
    for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/([\w.]+)"/g)) {
      expect(document.components[kind ?? '']).toHaveProperty([name ?? '']);
    }
  });

  test('gathers schemas with an $id once', () => {
    const note = { $id: 'Note', type: 'object', properties: { id: { type: 'string' } } };
    const [first] = noteRoutes as readonly Route[];
    if (first === undefined) throw new Error('there are routes');
    const route: Route = { ...first, response: { ...first.response, schema: { type: 'array', items: note } } };
    const gathered = openApiDocument(info, [{ name: 'notes', summary: '', routes: [route] }]) as typeof document;
    expect(gathered.components.schemas.Note).toEqual({ type: 'object', properties: { id: { type: 'string' } } });
    expect(gathered.paths['/api/v1/notes'].post.responses['201'].content['application/json'].schema.items).toEqual({
      $ref: '#/components/schemas/Note',
    });
  });
});
