import { signUp } from '@candlefish/testkit/network';
import pg from 'pg';
import * as Y from 'yjs';
import { type Cluster, type ClusterNode, startCluster } from '../support/cluster.ts';
import {
  type EditingPlace,
  hocuspocusEditor,
  type SocketEditor,
  stockEditor,
  tellingEditor,
} from '../support/editing.ts';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';
import { countWords } from './lib/words.ts';

const EDITORS = 12;
const WRITING_MS = 12_000;
/** Pause of each editor between two words, ms. */
const WORD_PAUSE_MS = 120;
/** Links are cut so often, ms. */
const CUT_EVERY_MS = 900;
/** Nodes are killed at these times after the beginning, ms. */
const KILLS_AT_MS = [3_000, 7_000] as const;
const EQUAL_WITHIN_MS = 20_000;

/** R20: twelve people in one document, while everything between them breaks. */
export const r20: Drill = {
  id: 'R20',
  what: '12 clients on two nodes, dropped links, killed nodes, one that was away: all end equal, no acknowledged edit is lost',
  async run({ defer }) {
    const cluster = await startCluster({ nodes: 2 });
    defer(async () => cluster[Symbol.asyncDispose]());
    const owner = await signUp(nodeOf(cluster, 0).api);
    const made = await owner.api.post('/api/v1/documents', { title: 'Convergence' });
    const place = { documentId: String((made.body as { readonly id: string }).id), token: owner.token };
    const tally = new Tally();
    const stale = await leaveWithEdits(cluster, place);
    const editors = Array.from({ length: EDITORS }, (_, n) => {
      const at: EditingPlace = { ...place, url: nodeOf(cluster, n).url };
      return editorOf(n)(at);
    });
    for (const editor of editors) defer(() => editor.leave());
    const acknowledged = new Set<string>();
    const breaking = breakThings(cluster);
    const words = (await Promise.all(editors.map((editor, n) => write(editor, n, acknowledged)))).flat();
    const cuts = await breaking;
    const returned = stale.comeBack();
    defer(() => returned.leave());
    const everybody = [...editors, returned];
    const equalMs = await untilTrue(() => areEqual(everybody), EQUAL_WITHIN_MS);
    tally.check(equalMs !== null, () => `after ${EQUAL_WITHIN_MS} ms the texts differ: ${sizes(everybody)}`);
    const counts = countWords(everybody[0]?.text() ?? '');
    for (const word of [...words, ...stale.words]) {
      tally.check(counts.get(word) === 1, `${word} stands there ${counts.get(word) ?? 0} times`);
    }
    for (const word of acknowledged) tally.check(counts.get(word) === 1, `${word} was acknowledged and is lost`);
    const replayed = await replay(cluster, place.documentId);
    tally.check(replayed === everybody[0]?.text(), 'the log gives another text than the clients have');
    return tally.verdict(
      `${words.length + stale.words.length} words of ${everybody.length} clients, ${cuts} cut links, ${KILLS_AT_MS.length} killed nodes: equal after ${(equalMs ?? 0).toFixed(0)} ms; ${acknowledged.size} acknowledged, 0 lost`,
    );
  },
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function nodeOf({ nodes }: Cluster, n: number): ClusterNode {
  const node = nodes[n % nodes.length];
  if (node === undefined) throw new Error('the cluster has no nodes');
  return node;
}

/** Each node has all kinds of clients; all but y-websocket's are told what is saved. */
function editorOf(n: number): (place: EditingPlace) => SocketEditor {
  const kinds = [stockEditor, tellingEditor, hocuspocusEditor];
  return kinds[Math.floor(n / 2) % kinds.length] ?? stockEditor;
}

async function write(editor: SocketEditor, n: number, acknowledged: Set<string>): Promise<readonly string[]> {
  const words: string[] = [];
  const endAt = performance.now() + WRITING_MS;
  while (performance.now() < endAt) {
    const word = `${n}-${words.length}`;
    editor.write(`${word};`);
    words.push(word);
    await pause(WORD_PAUSE_MS * (0.5 + Math.random()));
    if (editor.isSaved() === true) for (const saved of words) acknowledged.add(saved);
  }
  return words;
}

/** @returns how many connections were cut. */
async function breakThings(cluster: Cluster): Promise<number> {
  let cuts = 0;
  const startedAt = performance.now();
  const kills = KILLS_AT_MS.map(async (atMs, n) => {
    await pause(atMs);
    await nodeOf(cluster, n).kill();
  });
  while (performance.now() - startedAt < WRITING_MS) {
    await pause(CUT_EVERY_MS * (0.5 + Math.random()));
    cuts += nodeOf(cluster, Math.floor(Math.random() * cluster.nodes.length)).clientLink.cut();
  }
  await Promise.all(kills);
  return cuts;
}

/** Somebody who was in the document before the others, wrote on without a connection, and comes back when all is over. */
async function leaveWithEdits(cluster: Cluster, place: Omit<EditingPlace, 'url'>) {
  const at = { ...place, url: nodeOf(cluster, 0).url };
  const before = tellingEditor(at);
  before.write('away-0;');
  if ((await untilTrue(() => before.isSaved() === true, EQUAL_WITHIN_MS)) === null) throw new Error('nobody got in');
  const state = Y.encodeStateAsUpdate(before.doc);
  await before.leave();
  const offline = new Y.Doc();
  Y.applyUpdate(offline, state);
  const words = ['away-0', 'away-1', 'away-2'];
  for (const word of words.slice(1)) offline.getText('content').insert(0, `${word};`);
  return {
    words,
    comeBack(): SocketEditor {
      const editor = stockEditor(at);
      Y.applyUpdate(editor.doc, Y.encodeStateAsUpdate(offline));
      return editor;
    },
  };
}

const areEqual = (editors: readonly SocketEditor[]): boolean =>
  new Set(editors.map((editor) => editor.text())).size === 1 && editors.every((editor) => editor.isSaved() !== false);

const sizes = (editors: readonly SocketEditor[]): string => editors.map((editor) => editor.text().length).join(' ');

/** The text as the log alone gives it. */
async function replay({ database }: Cluster, documentId: string): Promise<string> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    const text = 'select update from document.document_updates where document_id = $1 order by seq';
    const { rows } = await client.query<{ update: Buffer }>(text, [documentId]);
    const doc = new Y.Doc();
    for (const { update } of rows) Y.applyUpdate(doc, update);
    return doc.getText('content').toString();
  } finally {
    await client.end();
  }
}
