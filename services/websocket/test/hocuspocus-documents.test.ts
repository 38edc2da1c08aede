import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { stays, stockClient, until } from './clients.ts';
import { type HocuspocusClient, hocuspocusClient, hocuspocusSocket } from './hocuspocus-clients.ts';

let network: RunningNetwork;
let owner: SignedUp;
const closing: (() => void | Promise<void>)[] = [];
beforeAll(async () => {
  network = await sharedNetwork();
  owner = await network.signUp();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const wsUrl = (): string => network.url.replace('http', 'ws');

async function createDocument(details: object = {}): Promise<string> {
  const { status, body } = await owner.api.post('/api/v1/documents', { title: 'Notes', ...details });
  expect(status).toBe(201);
  return (body as { readonly id: string }).id;
}

function open(id: string, token = owner.token): HocuspocusClient {
  const client = hocuspocusClient(wsUrl(), id, token);
  closing.push(() => client.close());
  return client;
}

const isSaved = ({ provider }: HocuspocusClient): boolean => provider.synced && !provider.hasUnsyncedChanges;
const textOf = (doc: Y.Doc): string => doc.getText('content').toString();
const write = ({ doc }: { readonly doc: Y.Doc }, text: string): void => doc.getText('content').insert(0, text);

/** The text of a document as the log has it. */
async function stored(id: string): Promise<string> {
  const { status, body } = await owner.api.get(`/api/v1/documents/${id}/state`);
  expect(status).toBe(200);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Buffer.from((body as { readonly update: string }).update, 'base64'));
  return textOf(doc);
}

describe('Hocuspocus providers on the whole platform', () => {
  it('converge with each other, with a y-websocket client and with a writer by REST', async () => {
    const id = await createDocument();
    const [ada, bob] = [open(id), open(id)];
    const eve = stockClient(wsUrl(), id, { token: owner.token });
    closing.push(() => eve.close());
    await until('all are in', () => isSaved(ada) && isSaved(bob) && eve.provider.synced);
    write(ada, 'ada ');
    write(bob, 'bob ');
    write(eve, 'eve ');
    const body = { operations: [{ textInsert: { path: ['content'], at: { index: 0 }, text: 'rest ' } }] };
    expect((await owner.api.post(`/api/v1/documents/${id}/collaborate`, body)).status).toBe(200);
    const isEqual = () => new Set([ada, bob, eve].map(({ doc }) => textOf(doc))).size === 1;
    await until('all are equal', () => isEqual() && textOf(ada.doc).length === 'ada bob eve rest '.length);
    await until('all is saved', () => isSaved(ada) && isSaved(bob));
    expect(await stored(id)).toBe(textOf(ada.doc));
  });

  it('carry rich text as Tiptap binds it, and are put out for what rich text does not take', async () => {
    const id = await createDocument({ contentType: 'application/vnd.candlefish.richtext' });
    const [ada, bob] = [open(id), open(id)];
    await until('both are in', () => isSaved(ada) && isSaved(bob));
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText('Hello from an editor')]);
    ada.doc.getXmlFragment('default').insert(0, [paragraph]);
    const shown = () => bob.doc.getXmlFragment('default').toString();
    await until('the other sees it', () => shown() === '<paragraph>Hello from an editor</paragraph>');
    await until('it is saved', () => isSaved(ada));
    await until('it is read as text', async () => {
      const { body } = await owner.api.get(`/api/v1/documents/${id}`);
      return (body as { readonly text: string }).text.includes('Hello from an editor');
    });
    bob.doc.getXmlFragment('default').insert(0, [new Y.XmlElement('script')]);
    await until('it is put out', () => bob.endings.length > 0);
    expect([bob.endings, bob.provider.hasUnsyncedChanges]).toEqual([['refused: invalid'], true]);
  });

  it('count an edit as unsaved for as long as its row is not committed', async () => {
    const id = await createDocument();
    const ada = open(id);
    await until('it is in', () => isSaved(ada));
    const { database } = network;
    await database.run('begin');
    await database.run('select 1 from document.document_heads where document_id = $1 for update', [id]);
    write(ada, 'durable');
    const waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await until('the append waits for the row', async () => (await database.run(waits)).length > 0);
    await stays('it is not saved', () => ada.provider.unsyncedChanges === 1);
    await database.run('commit');
    await until('it is saved', () => isSaved(ada));
    expect(await stored(id)).toBe('durable');
  });

  it('are told alike of a document of another tenant and of one that is not there', async () => {
    const id = await createDocument();
    const stranger = await network.signUp();
    const clients = [open(id, stranger.token), open(randomUUID()), open('no-uuid')];
    for (const { denials } of clients) {
      await until('it is refused', () => denials.length > 0);
      expect(denials).toEqual(['not_found']);
    }
  });

  it('come with an API key, and by a share link with its level', async () => {
    const id = await createDocument({ visibility: 'private' });
    const { body } = await owner.api.post('/api/v1/api-keys', { name: 'editor', scopes: ['document:*'] });
    const links = `/api/v1/documents/${id}/share-links`;
    const link = (await owner.api.post(links, { level: 'view' })).body as {
      readonly id: string;
      readonly token: string;
    };
    const opened = (await network.api.post('/api/v1/share-links/open', { token: link.token })).body;
    const key = open(id, (body as { readonly key: string }).key);
    const guest = open(id, `share.${(opened as { readonly shareToken: string }).shareToken}`);
    await until('both are in', () => isSaved(key) && isSaved(guest));
    expect([key.scopes, guest.scopes]).toEqual([['read-write'], ['readonly']]);
    write(key, 'by key');
    await until('the guest reads it', () => textOf(guest.doc) === 'by key');
    write(guest, 'not ');
    await stays('what a reader writes is not saved', () => guest.provider.hasUnsyncedChanges);
    expect(await stored(id)).toBe('by key');
    expect((await owner.api.delete(`${links}/${link.id}`)).status).toBe(204);
    await until('the guest is put out', () => guest.endings.includes('forbidden'), 1_000);
  });

  it('are closed within a second when their credential is revoked', async () => {
    const id = await createDocument();
    const made = await owner.api.post('/api/v1/api-keys', { name: 'brief', scopes: ['document:*'] });
    const { id: keyId, key } = made.body as { readonly id: string; readonly key: string };
    const client = open(id, key);
    await until('it is in', () => isSaved(client));
    const codes: number[] = [];
    client.socket.on('close', ({ event }: { readonly event: { readonly code: number } }) => codes.push(event.code));
    expect((await owner.api.delete(`/api/v1/api-keys/${keyId}`)).status).toBe(204);
    await until('it is closed', () => codes[0] === 4_403, 1_000);
    await until('it is told when it comes back', () => client.denials.includes('unauthenticated'));
  });

  it('are put out of a document whose log refuses an edit for good, and know it is not saved', async () => {
    const id = await createDocument();
    const [first, thief] = [open(id), open(id)];
    await until('both are in', () => isSaved(first) && isSaved(thief));
    const { body } = await owner.api.post('/api/v1/api-keys', { name: 'other', scopes: ['document:*'] });
    write(first, 'mine');
    await until('it is saved', () => isSaved(first));
    const other = open(id, (body as { readonly key: string }).key);
    await until('it is in', () => isSaved(other));
    other.doc.clientID = first.doc.clientID;
    write(other, 'stolen ');
    await until('it is put out', () => other.endings.length > 0);
    expect([other.endings, other.provider.hasUnsyncedChanges]).toEqual([['refused: invalid'], true]);
    expect(await stored(id)).toBe('mine');
  });

  it('share one socket for several documents, which are deleted one by one', async () => {
    const ids = [await createDocument(), await createDocument()];
    const socket = hocuspocusSocket(wsUrl());
    closing.push(() => socket.destroy());
    const [one, two] = ids.map((id) => {
      const client = hocuspocusClient(wsUrl(), id, owner.token, socket);
      closing.push(() => client.close());
      return client;
    });
    if (one === undefined || two === undefined) throw new Error('two were opened');
    await until('both are in', () => isSaved(one) && isSaved(two));
    expect((await owner.api.delete(`/api/v1/documents/${ids[0]}`)).status).toBe(204);
    await until('one is closed', () => one.endings.length > 0, 1_000);
    write(two, 'goes on');
    await until('the other goes on', () => isSaved(two) && textOf(two.doc) === 'goes on');
  });
});

it('the script of docs/connect-an-editor.md works as typed', async () => {
  const id = await createDocument();
  const markdown = await readFile(new URL('../../../docs/connect-an-editor.md', import.meta.url), 'utf8');
  const [, script = ''] = /^```js\n(.*?)^```$/ms.exec(markdown) ?? [];
  const [, promise = ''] = /^\/\/ → (.+)$/m.exec(script) ?? [];
  expect(promise).not.toBe('');
  const env = { CANDLEFISH: wsUrl(), DOCUMENT: id, TOKEN: owner.token };
  const options = { cwd: new URL('..', import.meta.url), env, timeout: SCRIPT_MS };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options);
  expect(stdout).toContain(promise);
  expect(await stored(id)).toBe('hello');
});

const SCRIPT_MS = 20_000;
