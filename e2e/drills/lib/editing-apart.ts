import type { TestNetwork } from '@candlefish/testkit/network';
import type { TestDatabase } from '@candlefish/testkit/postgres';
import * as Y from 'yjs';
import { type SocketEditor, stockEditor, tellingEditor } from '../../support/editing.ts';
import type { Tally } from './tally.ts';
import { writeWords } from './traffic.ts';
import { untilTrue } from './wait.ts';
import { countWords } from './words.ts';

/** What is written on one node is seen on the other by then: a node looks at a busy log every 2 s when nobody tells it. */
const CROSSES_WITHIN_MS = 5_000;
/** Cursors of people who go on working are found back soon after nodes hear of each other again. */
const POINTED_WITHIN_MS = 5_000;
/** Between two words of a cursor; one that never moves again is told anew within half a minute. */
const POINTS_EVERY_MS = 1_000;
const SETTLES_WITHIN_MS = 15_000;

/** People of several nodes in one document, who write all the time. */
export interface EditingApart {
  /**
   * Everybody writes a word and moves the cursor. Waits until everybody has seen the words, and the cursors if nodes can
   * tell each other of them. @returns the time of the words, ms.
   */
  crosses(when: string, canTell: boolean, tally: Tally): Promise<number>;
  /** Ends the writing, and checks that all are equal and that nothing acknowledged is lost. */
  settle(database: TestDatabase, tally: Tally): Promise<{ readonly words: number; readonly saved: number }>;
  leave(): Promise<void>;
}

/** Opens the document twice on each node: with the platform's own client, and with a stock one. */
export function openEditing(
  nodes: readonly TestNetwork[],
  place: { readonly documentId: string; readonly token: string },
): EditingApart {
  const editors = nodes.flatMap(({ url }) => [tellingEditor({ ...place, url }), stockEditor({ ...place, url })]);
  const ledger = { words: new Set<string>(), saved: new Set<string>() };
  const over = new AbortController();
  const writing = editors.map((editor, n) => writeWords(editor, n, ledger, over.signal));
  let moves = 0;
  return {
    async crosses(when, canTell, tally) {
      moves += 1;
      const marks = editors.map((_, n) => `${when} ${n}`);
      const cursors = editors.map((_, n) => moves * editors.length + n);
      for (const [n, editor] of editors.entries()) {
        editor.write(`${marks[n]};`);
        editor.point(cursors[n] ?? 0);
      }
      const isRead = () => editors.every((editor) => marks.every((mark) => editor.text().includes(mark)));
      const tookMs = await untilTrue(isRead, CROSSES_WITHIN_MS);
      tally.check(tookMs !== null, `${when}: edits did not get to the other node within ${CROSSES_WITHIN_MS} ms`);
      if (canTell) {
        let pointedAt = performance.now();
        const isSeen = (): boolean => {
          if (performance.now() - pointedAt > POINTS_EVERY_MS) {
            pointedAt = performance.now();
            for (const [n, editor] of editors.entries()) editor.point(cursors[n] ?? 0);
          }
          return editors.every((editor, n) => seesAllBut(editor, cursors, n));
        };
        const seenMs = await untilTrue(isSeen, POINTED_WITHIN_MS);
        tally.check(seenMs !== null, () => `${when}: cursors ${cursors} are seen as ${shown(editors)}`);
      }
      return tookMs ?? CROSSES_WITHIN_MS;
    },
    async settle(database, tally) {
      over.abort();
      await Promise.all(writing);
      const isSettled = () =>
        new Set(editors.map((editor) => editor.text())).size === 1 &&
        editors.every((editor) => editor.isSaved() !== false);
      tally.check((await untilTrue(isSettled, SETTLES_WITHIN_MS)) !== null, 'the editors do not end equal');
      const stored = await replay(database, place.documentId);
      tally.check(stored === editors[0]?.text(), 'the log gives another text than the editors have');
      const counts = countWords(stored);
      for (const word of new Set([...ledger.words, ...ledger.saved])) {
        tally.check(counts.get(word) === 1, `${word} stands there ${counts.get(word) ?? 0} times`);
      }
      tally.check(ledger.saved.size > 0, 'nothing was acknowledged');
      return { words: ledger.words.size, saved: ledger.saved.size };
    },
    async leave() {
      over.abort();
      await Promise.all(editors.map((editor) => editor.leave()));
    },
  };
}

const seesAllBut = (editor: SocketEditor, cursors: readonly number[], own: number): boolean => {
  const seen = editor.cursors();
  return cursors.every((cursor, n) => n === own || seen.includes(cursor));
};

const shown = (editors: readonly SocketEditor[]): string =>
  editors.map((editor) => editor.cursors().join(' ')).join(' | ');

/** The text as the log alone gives it. */
export async function replay(database: TestDatabase, documentId: string): Promise<string> {
  const text = 'select seq, update from document.document_updates where document_id = $1 order by seq';
  const rows = await database.run(text, [documentId]);
  if (rows.some(({ seq }, index) => Number(seq) !== index + 1)) throw new Error('the log has a gap');
  const doc = new Y.Doc();
  for (const { update } of rows) Y.applyUpdate(doc, update as Uint8Array);
  return doc.getText('content').toString();
}
