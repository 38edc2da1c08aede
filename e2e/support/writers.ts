import type { ApiClient } from '@candlefish/testkit/api-client';
import * as Y from 'yjs';

/** Ways an edit can be sent. */
export type EditPath = 'REST' | 'GraphQL';

/** An editor with a copy of the document of its own, as a stock Yjs editor has. */
export interface Writer {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  /** Edits the copy, and sends what that changed. Resolves with the version it became. */
  edit(change: (text: Y.Text) => void): Promise<number>;
  /** Takes what the others did. */
  catchUp(): Promise<void>;
}

/** Root of the text of `text/plain` and `text/markdown` documents. */
export const TEXT_ROOT = 'content';

const UPDATE_DOCUMENT = `mutation Edit($id: ID!, $operations: [CRDTOperation!]!) {
  updateDocument(id: $id, operations: $operations) { version }
}`;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64');

/** An editor of a document that is there. */
export function writer(api: ApiClient, documentId: string, path: EditPath): Writer {
  const doc = new Y.Doc();
  const text = doc.getText(TEXT_ROOT);
  return {
    doc,
    text,
    edit(change) {
      const before = Y.encodeStateVector(doc);
      doc.transact(() => change(text));
      const operations = [{ yjsUpdate: { update: base64(Y.encodeStateAsUpdate(doc, before)) } }];
      return path === 'REST' ? sendOverRest(api, documentId, operations) : sendOverGraphql(api, documentId, operations);
    },
    async catchUp() {
      Y.applyUpdate(doc, bytesOf((await readState(api, documentId)).update));
    },
  };
}

/** The whole state of a document over REST. @throws Error with the answer unless it is 200. */
export async function readState(
  api: ApiClient,
  id: string,
): Promise<{ readonly update: string; readonly version: number }> {
  const answer = await api.get(`/api/v1/documents/${id}/state`);
  if (answer.status !== 200) throw new Error(`the state answered ${answer.status}: ${answer.text}`);
  return answer.body as { update: string; version: number };
}

/** Text of the document that updates make. */
export function textOf(updates: readonly string[]): string {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, bytesOf(update));
  return doc.getText(TEXT_ROOT).toString();
}

async function sendOverRest(api: ApiClient, id: string, operations: readonly object[]): Promise<number> {
  const answer = await api.post(`/api/v1/documents/${id}/collaborate`, { operations });
  if (answer.status !== 200) throw new Error(`the edit answered ${answer.status}: ${answer.text}`);
  return (answer.body as { version: number }).version;
}

async function sendOverGraphql(api: ApiClient, id: string, operations: readonly object[]): Promise<number> {
  const { data, errors } = await api.graphql(UPDATE_DOCUMENT, { id, operations });
  if (data === null || errors.length > 0) throw new Error(`the edit answered ${JSON.stringify(errors)}`);
  return (data as { updateDocument: { version: number } }).updateDocument.version;
}
