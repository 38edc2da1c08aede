import { type PostgresServer, startTestPostgres, type TestPostgres } from '@candlefish/testkit/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { splitInThree } from '../support/places.ts';
import { eventually } from '../support/wait.ts';

const WAIT_MAX_MS = 10_000;
const until = (what: string, holds: () => Promise<boolean>): Promise<true> =>
  eventually(what, WAIT_MAX_MS, async () => ((await holds()) ? true : null));

let postgres: TestPostgres & PostgresServer;
beforeAll(async () => {
  postgres = await startTestPostgres([]);
});
afterAll(() => postgres.stop());

it('documents are edited over sockets of one process while another keeps them, without Redis', async () => {
  const { ownerUrl } = await postgres.createDatabase('empty');
  await using place = await splitInThree({ databaseUrl: ownerUrl });
  const account = { email: 'owner@example.test', password: 'correct horse battery staple', tenantName: 'Apart' };
  const { token } = (await place.api.post('/api/v1/auth/signup', account)).body as { token: string };
  const api = place.api.as(token);
  const { body } = await api.post('/api/v1/documents', { title: 'Apart', contentType: 'text/plain' });
  const { id } = body as { id: string };

  class WithToken extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers: { authorization: `Bearer ${token}` } });
    }
  }
  const open = () => {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(`${place.graphqlUrl.replace('http', 'ws')}/ws`, id, doc, {
      WebSocketPolyfill: WithToken as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
    return { doc, provider, text: doc.getText('content') };
  };
  const [one, two] = [open(), open()];
  try {
    await until('both are synced', async () => one.provider.synced && two.provider.synced);
    one.text.insert(0, 'over the network');
    await until('the other sees it', async () => two.text.toString() === 'over the network');
    const operations = [{ textInsert: { path: ['content'], at: { index: 0 }, text: '> ' } }];
    expect((await api.post(`/api/v1/documents/${id}/collaborate`, { operations })).status).toBe(200);
    await until('an edit by REST comes too', async () => one.text.toString() === '> over the network');
    const online = async () => ((await api.get('/api/v1/presence')).body as { data: { connections: number }[] }).data;
    await until('who edits is online', async () => (await online())[0]?.connections === 2);
  } finally {
    for (const { provider, doc } of [one, two]) {
      provider.destroy();
      doc.destroy();
    }
  }
});
