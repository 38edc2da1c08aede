import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { appendUpdates, type LiveResult } from '../operations/append-updates.ts';
import { beginThread } from '../operations/begin-thread.ts';
import { createVersion } from '../operations/change-versions.ts';
import { findThread } from '../operations/comment-threads.ts';
import { createBranch } from '../operations/create-branch.ts';
import { diffDocument } from '../operations/diff-document.ts';
import { readDocument, readDocumentState } from '../operations/documents.ts';
import { mergeBranch } from '../operations/merge-branch.ts';
import { readDifference } from '../operations/read-difference.ts';
import { refreshCopy } from '../operations/refresh-copy.ts';
import { restoreVersion } from '../operations/restore-version.ts';
import { readVersionContent } from '../operations/versions.ts';
import { documentHost, insert } from './document-host.ts';
import { RandomWriters, script, type Written } from './random-writers.ts';

const on = documentHost();
const ROOT = 'content';

const textOf = (doc: Y.Doc): string => doc.getText(ROOT).toString();
const docOf = (...updates: readonly Uint8Array[]): Y.Doc => {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
};
const append = (documentId: string, all: readonly Written[]): Promise<readonly LiveResult[]> =>
  appendUpdates(
    on.inTenant(),
    all.map((one) => ({ documentId, epoch: 0, ...one })),
  );

/** Has the next look at the document write a snapshot; the rows that it holds may be old enough to be let go of. */
async function compact(documentId: string, areOld: boolean): Promise<void> {
  await on.behind.query('update document.document_heads set bytes_since_snapshot = 1048576 where document_id = $1', [
    documentId,
  ]);
  if (areOld) {
    const text = "update document.document_updates set created_at = now() - interval '8 days' where document_id = $1";
    await on.behind.query(text, [documentId]);
  }
  await refreshCopy(on.inTenant(), documentId);
}

/** As another process finds the document. */
const forget = (documentId: string): void => on.inTenant().service.copies.drop(documentId);

describe('updates', () => {
  test('in any order and however often give one state, when those that came too early come again', async () => {
    let refusals = 0;
    const keys = fc.array(fc.nat(999), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(script, keys, fc.integer({ min: 1, max: 6 }), async (steps, order, batch) => {
        const writers = new RandomWriters();
        for (const step of steps) writers.do(step);
        const { written } = writers;
        const { id } = await on.create();
        // Every second one comes twice.
        const deliveries = written.flatMap((one, n) => (n % 2 === 0 ? [one, one] : [one]));
        let waiting = deliveries
          .map((one, n) => ({ one, key: order[n] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        for (let round = 0; waiting.length > 0; round += 1) {
          expect(round).toBeLessThanOrEqual(deliveries.length);
          const again: Written[] = [];
          for (let start = 0; start < waiting.length; start += batch) {
            const sent = waiting.slice(start, start + batch);
            for (const [n, { refused }] of (await append(id, sent)).entries()) {
              if (refused === null) continue;
              expect(refused).toBe('missing_dependencies');
              again.push(sent[n] as Written);
            }
          }
          refusals += again.length;
          waiting = again;
        }
        const merged = writers.merged();
        expect(await on.replay(id)).toBe(textOf(merged));
        const state = await readDocumentState(on.owner(), id);
        expect(state.version).toBeLessThanOrEqual(written.length);
        expect(Y.decodeStateVector(Y.encodeStateVector(docOf(state.update)))).toEqual(
          Y.decodeStateVector(Y.encodeStateVector(merged)),
        );
        for (const doc of writers.docs) {
          const stateVector = Y.encodeStateVector(doc);
          Y.applyUpdate(doc, (await readDifference(on.inTenant(), { documentId: id, stateVector })).update);
          expect(textOf(doc)).toBe(textOf(merged));
        }
      }),
      runs(15),
    );
    expect(refusals).toBeGreaterThan(0);
  });
});

describe('a snapshot and the log after it', () => {
  const when = fc.array(fc.constantFrom('no', 'no', 'compact', 'prune'), { minLength: 18, maxLength: 18 });

  test('say at every sequence what all updates say', async () => {
    await fc.assert(
      fc.asyncProperty(script, when, async (steps, compactions) => {
        const { id } = await on.create();
        const writers = new RandomWriters();
        const replayed = new Y.Doc();
        const texts = [''];
        let pruned = 0;
        for (const [n, step] of steps.entries()) {
          const written = writers.do({ ...step, hears: true });
          if (written === null) continue;
          await append(id, [written]);
          const version = texts.length;
          const { rows } = await on.behind.query<{ update: Buffer }>(
            'select update from document.document_updates where document_id = $1 and seq = $2',
            [id, version],
          );
          Y.applyUpdate(replayed, rows[0]?.update as Buffer);
          texts.push(textOf(replayed));
          const how = compactions[n];
          if (how !== 'no') {
            await compact(id, how === 'prune');
            if (how === 'prune') pruned = version;
            expect(await snapshotOf(id)).toEqual({ seq: version, rows: version - pruned });
          }
          await expectState(id, version, replayed);
        }
        for (let seq = pruned; seq < texts.length && pruned === 0; seq += 1) {
          const { roots } = await diffDocument(on.owner(), { documentId: id, from: '0', to: String(seq) });
          expect((roots[0]?.parts ?? []).map(({ text }) => text).join('')).toBe(texts[seq]);
        }
      }),
      runs(12),
    );
  });

  /** Whoever reads it, with the document at hand and without. */
  async function expectState(documentId: string, version: number, expected: Y.Doc): Promise<void> {
    const vector = Buffer.from(Y.encodeStateVector(expected)).toString('hex');
    for (const isAtHand of [true, false]) {
      if (!isAtHand) forget(documentId);
      const state = await readDocumentState(on.owner(), documentId);
      const whole = await readDifference(on.inTenant(), { documentId, stateVector: new Uint8Array() });
      expect([state.version, whole.seq]).toEqual([version, version]);
      for (const { update } of [state, whole]) {
        const doc = docOf(update);
        expect([textOf(doc), Y.decodeStateVector(Y.encodeStateVector(doc))]).toEqual([
          textOf(expected),
          Y.decodeStateVector(Buffer.from(vector, 'hex')),
        ]);
      }
    }
  }

  async function snapshotOf(documentId: string): Promise<{ readonly seq: number; readonly rows: number }> {
    const { rows } = await on.behind.query<{ seq: number; rows: number }>(
      `select s.seq::int, (select count(*)::int from document.document_updates u where u.document_id = $1) as rows
       from document.document_snapshots s where s.document_id = $1`,
      [documentId],
    );
    expect(rows).toHaveLength(1);
    return rows[0] as { seq: number; rows: number };
  }
});

describe('a comment', () => {
  /** Every character is another one, so the text alone tells where each of them went. */
  const ORIGINAL = 'ABCDEFGHIJKLMNOPQRSTUVWX';

  test('follows its text under edits of several at once, and is orphaned when nothing of it is left', async () => {
    const seen = { orphaned: 0, placed: 0 };
    const range = fc.tuple(fc.nat(ORIGINAL.length - 1), fc.integer({ min: 1, max: 6 }));
    const edits = script.map((steps) => steps.map((step) => ({ ...step, remove: step.remove * 3 })));
    await fc.assert(
      fc.asyncProperty(edits, range, fc.nat(17), async (steps, [start, length], compactAt) => {
        const end = Math.min(ORIGINAL.length, start + length);
        const { id } = await on.create();
        await on.edit(id, [insert(0, ORIGINAL)]);
        const anchor = { root: ROOT, start, end };
        const thread = await beginThread(on.owner(), { documentId: id, body: 'Really?', anchor });
        const writers = new RandomWriters((await readDocumentState(on.owner(), id)).update);
        for (const [n, step] of steps.entries()) {
          const written = writers.do(step);
          if (written !== null) expect((await append(id, [written]))[0]?.refused).toBeNull();
          if (n === compactAt) await compact(id, true);
        }
        const text = textOf(docOf((await readDocumentState(on.owner(), id)).update));
        const found = (await findThread(on.owner(), { documentId: id, id: thread.id })).anchor?.range ?? null;
        const left = [...ORIGINAL.slice(start, end)].filter((character) => text.includes(character));
        if (found === null) {
          seen.orphaned += 1;
          expect(left).toEqual([]);
          return;
        }
        seen.placed += 1;
        expect(found.text).not.toBe('');
        expect(text.slice(found.start, found.end)).toBe(found.text);
        for (const character of ORIGINAL) {
          if (text.includes(character)) expect(found.text.includes(character)).toBe(left.includes(character));
        }
      }),
      runs(25),
    );
    expect(seen.orphaned).toBeGreaterThan(0);
    expect(seen.placed).toBeGreaterThan(0);
  });
});

describe('whatever is kept, restored, branched and merged', () => {
  /** Every word is another character, so that nothing of two words is alike. */
  const [MAIN, BRANCH] = [0x4e00, 0x5e00];
  const deed = fc.record({
    what: fc.constantFrom('write', 'write', 'keep', 'restore', 'branch', 'write in the branch', 'merge'),
    at: fc.nat(100),
  });

  test('the log only grows, kept states stay, and what either side wrote is in a merge', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 6, maxLength: 16 }), async (deeds) => {
        const { id } = await on.create();
        const kept: { readonly id: string; readonly text: string }[] = [];
        let branch: string | null = null;
        const merged = new Set<string>();
        let log = await rowsOf(id);
        for (const [n, { what, at }] of deeds.entries()) {
          if (what === 'write') await writeWord(id, String.fromCharCode(MAIN + n), at);
          else if (what === 'keep') {
            const version = await createVersion(on.owner(), { documentId: id, name: `${n}` });
            kept.push({ id: version.id, text: await presentText(id) });
          } else if (what === 'restore' && kept.length > 0) {
            const { id: versionId, text } = kept[at % kept.length] as (typeof kept)[number];
            const before = await presentText(id);
            const { keptVersionId } = await restoreVersion(on.owner(), { documentId: id, versionId });
            expect([await presentText(id), await on.replay(id)]).toEqual([text, text]);
            if (keptVersionId !== null) kept.push({ id: keptVersionId, text: before });
          } else if (what === 'branch' && branch === null) {
            ({ id: branch } = await createBranch(on.owner(), { documentId: id, title: 'Proposal' }));
          } else if (what === 'write in the branch' && branch !== null) {
            await writeWord(branch, String.fromCharCode(BRANCH + n), at);
          } else if (what === 'merge' && branch !== null) await mergeAndCheck(id, branch, merged);
          log = await expectGrown(id, log);
          for (const { id: versionId, text } of kept) {
            expect((await readVersionContent(on.owner(), versionId)).text).toBe(text);
          }
        }
      }),
      runs(10),
    );
  });

  const presentText = async (id: string): Promise<string> => (await readDocument(on.owner(), id)).text;

  /** Puts a word between two others. */
  async function writeWord(id: string, word: string, at: number): Promise<void> {
    await on.edit(id, [insert(at % ((await presentText(id)).length + 1), word)]);
  }

  /**
   * Nothing is deleted in the branch, so all that the main document says stays; what the branch has new comes in.
   * @param before Words of the branch that an earlier merge brought: what was done to them since is the main document's.
   */
  async function mergeAndCheck(id: string, branch: string, before: Set<string>): Promise<void> {
    const [main, theirs] = [await presentText(id), await presentText(branch)];
    await mergeBranch(on.owner(), { branchId: branch });
    const merged = await presentText(id);
    expect([...merged].filter((word) => main.includes(word)).join('')).toBe(main);
    for (const word of theirs) {
      if (word.charCodeAt(0) < BRANCH || before.has(word)) continue;
      expect(merged).toContain(word);
      before.add(word);
    }
    expect(new Set(merged).size).toBe(merged.length);
    expect(await on.replay(id)).toBe(merged);
  }

  async function rowsOf(id: string): Promise<readonly string[]> {
    const { rows } = await on.behind.query<{ row: string }>(
      "select seq || ' ' || origin || ' ' || encode(update, 'hex') as row from document.document_updates where document_id = $1 order by seq",
      [id],
    );
    return rows.map(({ row }) => row);
  }

  async function expectGrown(id: string, before: readonly string[]): Promise<readonly string[]> {
    const rows = await rowsOf(id);
    expect(rows.slice(0, before.length)).toEqual(before);
    return rows;
  }
});
