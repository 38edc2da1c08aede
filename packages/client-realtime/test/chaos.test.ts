import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { cuttingProxy } from '../../../e2e/support/cutting-proxy.ts';
import { DocumentProvider, MemoryStores } from '../index.ts';
import { DocumentServer } from './support/document-server.ts';
import { until } from './support/until.ts';

const TIMING = { retryBaseMs: 5, retryMaxMs: 40, connectMaxMs: 1_000, stableAfterMs: 20 };
const AUTHORS = 4;
/** About five seconds. */
const RUNS = 15;

/** What happens in one step of a run. */
type Step =
  | { readonly kind: 'write' | 'delete' | 'restart'; readonly who: number; readonly at: number }
  | { readonly kind: 'cut' | 'kill' | 'wait'; readonly who: number; readonly at: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('write' as const) },
    { weight: 3, arbitrary: fc.constant('delete' as const) },
    { weight: 3, arbitrary: fc.constant('cut' as const) },
    { weight: 2, arbitrary: fc.constant('restart' as const) },
    { weight: 1, arbitrary: fc.constant('kill' as const) },
    { weight: 4, arbitrary: fc.constant('wait' as const) },
  ),
  who: fc.nat(AUTHORS - 1),
  at: fc.nat(1_000),
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Plays the steps, then lets all come together; checks what must hold whatever happened. */
async function play(steps: readonly Step[]): Promise<void> {
  const server = await DocumentServer.start();
  server.behaviour.beforeCommit = () => pause(1);
  const proxy = await cuttingProxy(server.url);
  const stores = Array.from({ length: AUTHORS }, () => new MemoryStores());
  const open = (who: number): DocumentProvider =>
    new DocumentProvider({
      // Half of them over a link that is cut.
      url: who % 2 === 0 ? proxy.url : server.url,
      documentId: 'd',
      credential: () => ({ token: 'good' }),
      stores: stores[who],
      timing: TIMING,
    });
  const authors = stores.map((_, who) => open(who));
  const author = (who: number): DocumentProvider => authors[who] ?? open(who);
  const written: string[] = [];
  /** Words that their author was told are saved; the server may die a moment later. */
  const saved = new Set<string>();
  for (const { kind, who, at } of steps) {
    const provider = author(who);
    if (provider.state.status === 'saved') {
      for (const word of written) if (word.startsWith(`${who}:`)) saved.add(word);
    }
    const text = provider.doc.getText('text');
    if (kind === 'write') {
      const word = `${who}:${written.length}`;
      written.push(word);
      provider.doc.getMap('words').set(word, true);
      text.insert(at % (text.length + 1), `<${word}>`);
    } else if (kind === 'delete' && text.length > 0) text.delete(at % text.length, 1);
    else if (kind === 'cut') proxy.cut();
    else if (kind === 'wait') await pause(at % 15);
    else if (kind === 'kill') {
      await server.kill();
      for (const word of saved) expect(server.document('d').doc.getMap('words').has(word), word).toBe(true);
      await server.listen();
    } else if (kind === 'restart') {
      await provider.destroy();
      authors[who] = open(who);
      await author(who).loaded;
    }
  }
  await Promise.all(authors.map((provider) => provider.flush(20_000)));
  const { doc } = server.document('d');
  const vector = Y.encodeStateVector(doc).toString();
  await until('all have all', () => authors.every((one) => Y.encodeStateVector(one.doc).toString() === vector));
  await until('all texts are equal', () =>
    authors.every((one) => one.doc.getText('text').toString() === doc.getText('text').toString()),
  );
  expect([...doc.getMap('words').keys()].sort()).toEqual(written.sort());
  await Promise.all(authors.map((provider) => provider.destroy()));
  await proxy[Symbol.asyncDispose]();
  await server.kill();
}

test('four authors, cut links, reopened tabs and killed servers: all equal, nothing written is lost', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 400, size: 'max' }), play), {
    ...runs(RUNS),
    // A failure is told as it is: to shrink one that depends on timing takes minutes and finds another.
    endOnFailure: true,
  });
});
