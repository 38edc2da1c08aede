import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Writer } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { appendUpdates } from '../operations/append-updates.ts';
import { createDocument } from '../operations/create-document.ts';
import { authorizeWork } from '../operations/document-access.ts';
import { readDocument } from '../operations/documents.ts';
import { loadDocument } from '../operations/load-document.ts';
import { readDifference } from '../operations/read-difference.ts';
import { readUpdatesAfter } from '../operations/read-updates-after.ts';
import { refreshCopy } from '../operations/refresh-copy.ts';
import { code, documentHost, insert } from './document-host.ts';

const host = documentHost();
const ann: Writer = { kind: 'user', id: 'ann', userId: null };
const ben: Writer = { kind: 'user', id: 'ben', userId: null };

/** Somebody with a replica of their own, whose edits are sent by hand. */
class Replica {
  readonly doc = new Y.Doc();
  #updates: Uint8Array[] = [];

  constructor() {
    this.doc.on('update', (update: Uint8Array) => this.#updates.push(update));
  }

  get text(): Y.Text {
    return this.doc.getText('content');
  }

  /** What was typed since the last call, as single updates. */
  type(change: (text: Y.Text) => void): readonly Uint8Array[] {
    this.#updates = [];
    change(this.text);
    return this.#updates;
  }
}

const platform = (): DocumentCtx => host.inTenant();

const append = (documentId: string, updates: readonly Uint8Array[], writer = ann, epoch = 0) =>
  appendUpdates(
    platform(),
    updates.map((update) => ({ documentId, epoch, update, writer })),
  );

describe('appending what sockets bring', () => {
  it('gives rows in order, one for each run of a writer, and everything is in the log', async () => {
    const { id } = await host.create();
    const [a, b] = [new Replica(), new Replica()];
    const [first = new Uint8Array(), second = new Uint8Array()] = a.type((text) => {
      text.insert(0, 'Hello');
      text.insert(5, ' world');
    });
    const [third = new Uint8Array()] = b.type((text) => text.insert(0, 'B'));
    const results = await appendUpdates(platform(), [
      { documentId: id, epoch: 0, update: first, writer: ann },
      { documentId: id, epoch: 0, update: second, writer: ann },
      { documentId: id, epoch: 0, update: third, writer: ben },
    ]);
    expect(results).toEqual([
      { seq: 1, isNew: true, refused: null },
      { seq: 1, isNew: true, refused: null },
      { seq: 2, isNew: true, refused: null },
    ]);
    const replayed = await host.replay(id);
    expect([...replayed].sort().join('')).toBe([...'Hello worldB'].sort().join(''));
  });

  it('makes no row for what the log has', async () => {
    const { id } = await host.create();
    const updates = new Replica().type((text) => text.insert(0, 'once'));
    await append(id, updates);
    expect(await append(id, updates)).toEqual([{ seq: 1, isNew: false, refused: null }]);
    expect(await host.replay(id)).toBe('once');
  });

  it('refuses what cannot be read, what builds on nothing, another kind of content, another history', async () => {
    const { id } = await host.create();
    const replica = new Replica();
    const [whole = new Uint8Array()] = replica.type((text) => text.insert(0, 'whole text'));
    const [, later = new Uint8Array()] = replica.type((text) => {
      text.insert(0, 'lost ');
      text.insert(3, 'later');
    });
    const foreign = new Y.Doc();
    foreign.getMap('other').set('a', 1);
    const refused = async (update: Uint8Array, epoch = 0) => (await append(id, [update], ann, epoch))[0]?.refused;
    expect(await refused(whole.slice(0, whole.length - 3))).toBe('malformed');
    expect(await refused(new Uint8Array([1, 2, 3]))).toBe('malformed');
    expect(await refused(later)).toBe('missing_dependencies');
    expect(await refused(Y.encodeStateAsUpdate(foreign))).toBe('invalid');
    expect(await refused(whole, 7)).toBe('epoch');
    expect(await refused(whole)).toBe(null);
    expect(await host.replay(id)).toBe('whole text');
  });

  it('keeps what came before and after a spoilt update of the same batch', async () => {
    const { id } = await host.create();
    const replica = new Replica();
    const good = replica.type((text) => {
      text.insert(0, 'a');
      text.insert(1, 'b');
    });
    const foreign = new Y.Doc();
    foreign.getMap('other').set('a', 1);
    const [first = new Uint8Array(), second = new Uint8Array()] = good;
    const results = await append(id, [first, Y.encodeStateAsUpdate(foreign), second]);
    expect(results.map(({ refused }) => refused)).toEqual([null, 'invalid', null]);
    expect(await host.replay(id)).toBe('ab');
    expect((await readDifference(platform(), { documentId: id, stateVector: new Uint8Array() })).seq).toBe(1);
  });

  it("refuses to write under another writer's client id", async () => {
    const { id } = await host.create();
    const replica = new Replica();
    const [first = new Uint8Array()] = replica.type((text) => text.insert(0, 'mine'));
    await append(id, [first], ann);
    const [forged = new Uint8Array()] = replica.type((text) => text.insert(4, ' not yours'));
    expect((await append(id, [forged], ben))[0]?.refused).toBe('invalid');
    // What is known already proves nothing about who wrote it: it may come from anybody.
    expect((await append(id, [first], ben))[0]?.refused).toBe(null);
  });

  it('answers a document of another tenant like one that is not there', async () => {
    const theirs = await createDocument(host.as('owner', host.theirs), { title: 'Theirs' });
    const updates = new Replica().type((text) => text.insert(0, 'x'));
    const absent = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
    expect(await append(theirs.id, updates)).toEqual(await append(absent, updates));
  });

  it('is closed to everybody but the platform', async () => {
    const { id } = await host.create();
    const updates = new Replica().type((text) => text.insert(0, 'x'));
    const live = updates.map((update) => ({ documentId: id, epoch: 0, update, writer: ann }));
    await expect(appendUpdates(host.owner(), live)).rejects.toEqual(code('FORBIDDEN'));
  });

  it('merges with what operations write meanwhile, whoever was first', async () => {
    const { id } = await host.create();
    const replica = new Replica();
    for (let round = 0; round < 5; round += 1) {
      const updates = replica.type((text) => text.insert(0, 's'));
      await Promise.all([append(id, updates), host.edit(id, [insert(0, 'o')])]);
    }
    const text = await host.replay(id);
    expect([...text].sort().join('')).toBe('ooooosssss');
    const { update } = await readDifference(platform(), { documentId: id, stateVector: new Uint8Array() });
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    expect(doc.getText('content').toString()).toBe(text);
  });
});

describe('reading for sockets', () => {
  it('gives what a state vector lacks', async () => {
    const { id } = await host.create();
    const replica = new Replica();
    await append(
      id,
      replica.type((text) => text.insert(0, 'one ')),
    );
    const vector = Y.encodeStateVector(replica.doc);
    await append(
      id,
      replica.type((text) => text.insert(4, 'two')),
    );
    const half = new Y.Doc();
    const difference = await readDifference(platform(), { documentId: id, stateVector: vector });
    const whole = await readDifference(platform(), { documentId: id, stateVector: new Uint8Array() });
    expect(difference.update.length).toBeLessThan(whole.update.length);
    Y.applyUpdate(half, whole.update);
    expect(half.getText('content').toString()).toBe('one two');
    expect(whole).toMatchObject({ seq: 2, epoch: 0 });
    expect(Buffer.compare(whole.stateVector, Y.encodeStateVector(replica.doc))).toBe(0);
  });

  describe('of a long document that is not loaded', () => {
    const nothing = new Uint8Array();
    const long = 'Harbour Street. '.repeat(2_000);
    const whole = async (documentId: string) => {
      platform().service.copies.drop(documentId);
      return readDifference(platform(), { documentId, stateVector: nothing });
    };
    const textOf = (update: Uint8Array): string => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, update);
      return doc.getText('content').toString();
    };

    it('gives the same bytes again, and what was written since', async () => {
      const { id } = await host.create();
      const replica = new Replica();
      await append(
        id,
        replica.type((text) => text.insert(0, long)),
      );
      const first = await whole(id);
      expect((await whole(id)).update).toBe(first.update);
      await append(
        id,
        replica.type((text) => text.delete(0, 8)),
      );
      const second = await whole(id);
      expect(second.seq).toBe(2);
      expect(textOf(second.update)).toBe(await host.replay(id));
    });

    it('gives deletions to those who have all the rest', async () => {
      const { id } = await host.create();
      const replica = new Replica();
      await append(
        id,
        replica.type((text) => text.insert(0, long)),
      );
      const back = new Y.Doc();
      Y.applyUpdate(back, (await whole(id)).update);
      const deleting = replica.type((text) => text.delete(0, 8));
      await append(id, deleting);
      await whole(id);
      back.getText('content').insert(0, 'Offline: ');
      const { update } = await readDifference(platform(), { documentId: id, stateVector: Y.encodeStateVector(back) });
      expect(update.length).toBeLessThan(50);
      Y.applyUpdate(back, update);
      expect(back.getText('content').toString()).toBe(`Offline: ${long.slice(8)}`);
    });

    it('begins at the snapshot when the updates since are pruned', async () => {
      const { id } = await host.create();
      const replica = new Replica();
      await append(
        id,
        replica.type((text) => text.insert(0, long)),
      );
      await whole(id);
      // More than a log may grow by without a snapshot, which comes with the readable copy.
      await append(
        id,
        replica.type((text) => text.insert(0, long.repeat(10))),
      );
      await refreshCopy(platform(), id);
      await host.behind.query('delete from document.document_updates where document_id = $1', [id]);
      expect(textOf((await whole(id)).update)).toHaveLength(11 * long.length);
    });
  });

  it('gives the tails of several logs, and says which do not go on', async () => {
    const [one, two] = [await host.create(), await host.create()];
    const replica = new Replica();
    await append(
      one.id,
      replica.type((text) => text.insert(0, 'a')),
    );
    await append(
      one.id,
      replica.type((text) => text.insert(1, 'b')),
    );
    const tails = await readUpdatesAfter(platform(), [
      { documentId: one.id, epoch: 0, after: 1 },
      { documentId: two.id, epoch: 3, after: 0 },
      { documentId: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234', epoch: 0, after: 0 },
    ]);
    const byId = new Map(tails.map((tail) => [tail.documentId, tail]));
    expect(byId.get(one.id)).toMatchObject({ headSeq: 2, lost: false, updates: [{ seq: 2 }] });
    expect(byId.get(two.id)).toMatchObject({ headSeq: 0, lost: true, updates: [] });
    expect(tails).toHaveLength(2);
  });

  it('has the readable copy follow, once', async () => {
    const { id } = await host.create();
    await append(
      id,
      new Replica().type((text) => text.insert(0, 'readable')),
    );
    await refreshCopy(platform(), id);
    const document = await readDocument(host.owner(), id);
    expect(document).toMatchObject({ text: 'readable', version: 1 });
    const { rows } = await host.behind.query('select version from document.documents where id = $1', [id]);
    expect(rows).toEqual([{ version: '1' }]);
    const stale = await host.behind.query('select 1 from document.stale_copies where document_id = $1', [id]);
    expect(stale.rows).toEqual([]);
  });

  it('follows and keeps snapshots while people write on: no edit is told twice or left out, and nothing is lost', async () => {
    const { id } = await host.create();
    const replica = new Replica();
    // So much that a snapshot is due again and again.
    const write = async (): Promise<void> => {
      for (let n = 0; n < 40; n += 1) {
        const word = `${n} `.padEnd(60_000, 'ab ');
        await append(
          id,
          replica.type((text) => text.insert(text.length, word)),
        );
        if (n % 8 === 7)
          await append(
            id,
            replica.type((text) => text.delete(0, text.length - 10)),
          );
      }
    };
    const writing = write();
    let isOver = false;
    void writing.then(() => {
      isOver = true;
    });
    // As if it were by two nodes.
    while (!isOver) await Promise.all([refreshCopy(platform(), id), refreshCopy(platform(), id)]);
    await writing;
    await refreshCopy(platform(), id);
    const { rows: told } = await host.behind.query(
      `select (payload ->> 'fromVersion')::integer as "from", (payload ->> 'toVersion')::integer as "to"
       from platform.events where payload ->> 'documentId' = $1 and name = 'document.document.edited.v1' order by seq`,
      [id],
    );
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(({ from }) => from)).toEqual([0, ...told.slice(0, -1).map(({ to }) => to)]);
    expect(told.at(-1)?.to).toBe(45);
    const { rows: snapshots } = await host.behind.query(
      `select s.seq from document.document_snapshots s
       join document.document_heads h on h.document_id = s.document_id and h.snapshot_seq = s.seq where s.document_id = $1`,
      [id],
    );
    expect(snapshots).toHaveLength(1);
    const { rows: kept } = await host.behind.query('select 1 from document.document_snapshots where document_id = $1', [
      id,
    ]);
    expect(kept).toHaveLength(1);
    const { rows: stale } = await host.behind.query('select 1 from document.stale_copies where document_id = $1', [id]);
    expect(stale).toEqual([]);
    const { text } = await readDocument(host.owner(), id);
    expect(text).toBe(replica.text.toString());
    const { doc } = await loadDocument((statement) => platform().query(authorizeWork(platform()), statement), {
      tenantId: platform().actor.tenantId ?? '',
      documentId: id,
      contentType: 'text/plain',
    });
    expect(doc.getText('content').toString()).toBe(replica.text.toString());
  });

  it('follows beside somebody who holds the head of the log and then writes to the document, without waiting in a circle', async () => {
    const { id } = await host.create();
    // So much that a snapshot is due.
    await append(
      id,
      new Replica().type((text) => text.insert(0, 'ab '.repeat(100_000))),
    );
    const writer = await host.behind.connect();
    try {
      await writer.query('begin');
      await writer.query('select from document.document_heads where document_id = $1 for update', [id]);
      const refreshing = refreshCopy(platform(), id);
      await writer.query('select pg_sleep(0.5)');
      await writer.query('update document.documents set title = title where id = $1', [id]);
      await writer.query('commit');
      await refreshing;
    } finally {
      writer.release();
    }
    expect(await readDocument(host.owner(), id)).toMatchObject({ version: 1, text: 'ab '.repeat(100_000) });
    // What needed the head is left to the next time.
    await refreshCopy(platform(), id);
    const stale = await host.behind.query('select 1 from document.stale_copies where document_id = $1', [id]);
    expect(stale.rows).toEqual([]);
  });
});
