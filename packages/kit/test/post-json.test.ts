import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { postJson } from '../calls/post-json.ts';

let server: Server;
let agent: Agent;
let origin = '';
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  agent = new Agent({ connections: 1 });
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterEach(async () => {
  await agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (signal: AbortSignal = new AbortController().signal, answerBytesMax = 1_000) =>
  postJson(agent, { origin, path: '/x', headers: { 'x-request-id': 'r1' }, body: '{"a":1}', signal, answerBytesMax });

test('sends the body with its headers and reads status, headers and JSON in pieces', async () => {
  answer = async (request, response) => {
    const body = (await request.toArray()).join('');
    response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'] });
    response.write('{"got":');
    setImmediate(() => response.end(`[${body}, "${request.headers['x-request-id']}", "ü"]}`));
  };
  expect(await post()).toMatchObject({
    status: 201,
    headers: { 'set-cookie': ['a=1', 'b=2'] },
    body: { got: [{ a: 1 }, 'r1', 'ü'] },
  });
});

test('a caller that leaves is let go at once, waiting for an answer or for a connection, and the next call works', async () => {
  answer = () => undefined;
  const reason = new Error('gone');
  expect(await post(AbortSignal.abort(reason)).catch((error: unknown) => error)).toBe(reason);
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [post(first.signal), post(second.signal)].map((call) => call.catch((error: unknown) => error));
  second.abort(reason);
  expect(await waiting[1]).toBe(reason);
  first.abort(reason);
  expect(await waiting[0]).toBe(reason);
  answer = (_request, response) => response.end('1');
  expect(await post()).toMatchObject({ status: 200, body: 1 });
});

test('refuses an answer that is too large, is no JSON or breaks off', async () => {
  answer = (_request, response) => response.end(JSON.stringify('x'.repeat(2_000)));
  await expect(post()).rejects.toThrow('/x answered with more than 1000 bytes');
  answer = (_request, response) => response.end('<html>');
  await expect(post()).rejects.toThrow(SyntaxError);
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('{');
    setImmediate(() => response.destroy());
  };
  await expect(post()).rejects.toThrow();
  answer = (_request, response) => response.end('{}');
  expect(await post()).toMatchObject({ body: {} });
});
