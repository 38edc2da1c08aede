import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { deleteDocument } from '../operations/delete-document.ts';
import { type DocumentUpdate, followDocument } from '../operations/follow-document.ts';
import { code, documentHost, insert } from './document-host.ts';

const on = documentHost();

describe('following', () => {
  const take = async (stream: AsyncIterator<DocumentUpdate>, count: number): Promise<readonly DocumentUpdate[]> => {
    const taken: DocumentUpdate[] = [];
    while (taken.length < count) {
      const { done, value } = await stream.next();
      if (done) break;
      taken.push(value);
    }
    return taken;
  };
  /** The versions that payloads hold, in their order. */
  const covered = (ranges: readonly (readonly [number | null, number])[]) =>
    ranges.flatMap(([from, to]) => Array.from({ length: to - (from ?? to) + 1 }, (_, n) => (from ?? to) + n));
  const versions = (updates: readonly DocumentUpdate[]) => updates.map(({ version }) => version);

  test('from a cursor misses nothing and sees nothing twice, whenever it is cut off', async () => {
    const { id, cursor } = await on.create();
    const writing = (async () => {
      for (let n = 0; n < 40; n += 1) await on.edit(id, [insert(0, String(n % 10))]);
    })();
    const copy = new Y.Doc();
    const ranges: (readonly [number | null, number])[] = [];
    let after = cursor;
    for (let last = 0; last < 40; ) {
      const stream = await followDocument(on.as('viewer'), { id, after });
      do {
        const [update] = await take(stream, 1);
        if (update === undefined) throw new Error('the stream ended');
        ranges.push([update.fromVersion, update.version]);
        last = update.version;
        Y.applyUpdate(copy, update.update ?? new Uint8Array());
        after = update.cursor;
      } while (last < 40 && ranges.length % 3 !== 0);
      await stream.return?.();
    }
    await writing;
    expect(covered(ranges)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect(copy.getText('content').toString()).toBe(await on.replay(id));
  });

  test('gives at most ten payloads a second, the first at once, and all that was written', async () => {
    const { id, cursor } = await on.create();
    const stream = await followDocument(on.owner(), { id, after: cursor });
    const startedAt = performance.now();
    const first = stream.next();
    const other = await on.somebody('staff');
    const writing = (async () => {
      for (let n = 0; n < 20; n += 1) await on.edit(id, [insert(0, 'x')], undefined, n < 10 ? on.owner() : other);
    })();
    const payloads = [(await first).value as DocumentUpdate];
    while (payloads.at(-1)?.version !== 20) payloads.push(...(await take(stream, 1)));
    const tookMs = performance.now() - startedAt;
    await writing;
    await stream.return?.();
    expect(payloads[0]).toMatchObject({ fromVersion: 1, version: 1, actor: { userId: on.ours.userId } });
    expect(payloads.length).toBeLessThanOrEqual(tookMs / 100 + 1);
    expect(covered(payloads.map(({ fromVersion, version }) => [fromVersion, version]))).toHaveLength(20);
    const copy = new Y.Doc();
    for (const { update } of payloads) Y.applyUpdate(copy, update ?? new Uint8Array());
    expect(copy.getText('content').toString()).toBe('x'.repeat(20));
  });

  test('says who wrote what it has put together, when it was one person', async () => {
    const { id, cursor } = await on.create();
    const other = await on.somebody('staff');
    await on.edit(id, [insert(0, 'a')]);
    await on.edit(id, [insert(0, 'b')]);
    const [one] = await take(await followDocument(on.owner(), { id, after: cursor }), 1);
    expect(one).toMatchObject({ fromVersion: 1, version: 2, origin: 'rest', actor: { userId: on.ours.userId } });
    await on.edit(id, [insert(0, 'c')], undefined, other);
    const [both] = await take(await followDocument(on.owner(), { id, after: cursor }), 1);
    expect(both).toMatchObject({ fromVersion: 1, version: 3, origin: 'rest', actor: null });
  });

  test('is woken by a change and does not wait for its poll', async () => {
    const { id, cursor } = await on.create();
    const stream = await followDocument(on.owner(), { id, after: cursor });
    const first = stream.next();
    for (let n = 0; n < 20; n += 1) await turn();
    const startedAt = performance.now();
    await on.edit(id, [insert(0, 'x')]);
    expect((await first).value).toMatchObject({ type: 'UPDATE', version: 1 });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await stream.return?.();
  });

  test('heals a lost wake-up by itself', async () => {
    const { id, cursor } = await on.create();
    const stream = await followDocument(on.owner(), { id, after: cursor });
    const first = stream.next();
    await on.behind.query(
      `with h as (update document.document_heads set seq = seq + 1 where document_id = $1 returning tenant_id, seq)
       insert into document.document_updates (tenant_id, document_id, seq, update, actor_kind, actor_id, origin)
       select tenant_id, $1, seq, $2, 'system', 'test', 'system' from h`,
      [id, Buffer.from([0, 0])],
    );
    expect((await first).value).toMatchObject({ version: 1, origin: 'system' });
    await stream.return?.();
  });

  test('is told RESET when the log does not go on from its place', async () => {
    const { id, cursor } = await on.create();
    await on.edit(id, [insert(0, 'x')]);
    await on.edit(id, [insert(0, 'x')]);
    // Large enough for a snapshot, so that what came before it may go.
    await on.edit(id, [insert(0, 'x'.repeat(300_000))]);
    await on.behind.query('delete from document.document_updates where document_id = $1 and seq <= 2', [id]);
    const stream = await followDocument(on.owner(), { id, after: cursor });
    const [reset] = await take(stream, 1);
    expect(reset).toMatchObject({ type: 'RESET', version: 3, update: null });
    await on.edit(id, [insert(0, 'y')]);
    expect(versions(await take(stream, 1))).toEqual([4]);
    await on.behind.query('update document.document_heads set epoch = epoch + 1 where document_id = $1', [id]);
    await on.edit(id, [insert(0, 'z')]);
    expect(await take(stream, 1)).toMatchObject([{ type: 'RESET', version: 5, epoch: 1 }]);
    await stream.return?.();
    const other = await followDocument(on.owner(), { id, after: reset?.cursor ?? '' });
    expect(await take(other, 1)).toMatchObject([{ type: 'RESET', version: 5 }]);
    await other.return?.();
  });

  test('ends at once with its reader, with its context, with the document', async () => {
    const { id } = await on.create();
    const leaving = new AbortController();
    const streams = await Promise.all([
      followDocument(on.owner(), { id }),
      followDocument(on.as('owner', on.ours, leaving.signal), { id }),
      followDocument(on.owner(), { id }),
    ]);
    const [left, aborted, deleted] = streams.map((stream) => stream.next());
    await streams[0]?.return?.();
    expect(await left).toMatchObject({ done: true });
    leaving.abort();
    expect(await aborted).toMatchObject({ done: true });
    await deleteDocument(on.owner(), id);
    expect(await deleted).toMatchObject({ done: true });
  });

  test('refuses a cursor that is none', async () => {
    const { id } = await on.create();
    await expect(followDocument(on.owner(), { id, after: 'nonsense' })).rejects.toEqual(code('VALIDATION_FAILED'));
    await expect(followDocument(on.owner(), { id, after: 'Wy0xLDBd' })).rejects.toEqual(code('VALIDATION_FAILED'));
  });
});
