import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DocumentProvider, EventChannel, type FeedEvent } from '@candlefish/client-realtime';
import type { SignedUp } from '@candlefish/testkit/network';
import { cutAtRandom, cuttingProxy } from '../support/cutting-proxy.ts';
import { TRANSPORTS } from '../support/followers.ts';
import { TEXT_ROOT, textOf } from '../support/writers.ts';
import type { Drill } from './drill.ts';
import { cardOf } from './lib/furnish.ts';
import { breaksOf, checkStreams, differences, followBoth } from './lib/streams.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';
import { countWords } from './lib/words.ts';

const ROUNDS = 120;
/** Longest time between two cuts: several fall into the work of every follower. */
const CUT_EVERY_MS_MAX = 150;
const THERE_WITHIN_MS = 20_000;
/** A client under test comes back sooner than one of a crowd would, so that it meets more cuts. */
const TIMING = { retryBaseMs: 20, retryMaxMs: 100, stableAfterMs: 50 };
/** R32: everybody who follows something is cut off again and again while it happens. */
export const r32: Drill = {
  id: 'R32',
  what: 'followers of events, agents and documents over every transport, links cut at random: 0 gaps, 0 duplicates',
  async run({ network, defer }) {
    const { url, database, signUp } = await network();
    const owner = await signUp();
    const proxy = await cuttingProxy(url);
    defer(async () => proxy[Symbol.asyncDispose]());
    const made = await owner.api.post('/api/v1/documents', { title: 'Followed' });
    const { id: documentId, cursor } = made.body as { readonly id: string; readonly cursor: string };
    const work = { owner, documentId, agentId: await newAgent(owner) };

    const channel = new EventChannel({ url: proxy.url, credential: () => ({ token: owner.token }), timing: TIMING });
    defer(async () => channel.destroy());
    const heard: FeedEvent[] = [];
    channel.follow({ after: '0' }, { event: (event) => heard.push(event) });
    const provider = new DocumentProvider({
      url: proxy.url,
      documentId,
      credential: () => ({ token: owner.token }),
      timing: TIMING,
    });
    defer(() => provider.destroy());
    const streams = TRANSPORTS.map((transport) => followBoth(proxy.url, { owner, documentId, cursor }, transport));
    for (const { updates, changes } of streams) defer(() => Promise.all([updates.leave(), changes.leave()]));

    const stopCutting = cutAtRandom(proxy, CUT_EVERY_MS_MAX);
    await happen(work, provider);
    const cuts = await stopCutting();

    const tally = new Tally();
    const events = 'select seq from platform.events where tenant_id = $1 order by seq';
    const logged = async () => (await database.run(events, [owner.tenantId])).map(({ seq }) => String(seq));
    const cursors = () => heard.map(({ cursor }) => cursor);
    // The log may still grow: readable copies of documents follow a little later.
    const isSame = await untilTrue(async () => String(await logged()) === String(cursors()), THERE_WITHIN_MS);
    tally.check(isSame !== null, () => `events heard: ${differences(cursors())}`);
    await checkDocument(work, provider, tally);
    const text = provider.doc.getText(TEXT_ROOT).toString();
    for (const stream of streams) await checkStreams(stream, { changes: ROUNDS, text }, tally);
    return tally.verdict(
      `${cuts} cut links, ${breaksOf(streams)} broken subscriptions: ${heard.length} events over the channel, ${ROUNDS} changes and ${ROUNDS * 2} edits over WebSocket, SSE and a live document, 0 gaps, 0 duplicates`,
    );
  },
};

interface Work {
  readonly owner: SignedUp;
  readonly documentId: string;
  readonly agentId: string;
}

const idOf = (body: unknown): string => (body as { readonly id: string }).id;

async function newAgent({ api }: SignedUp): Promise<string> {
  const answer = await api.post('/api/v1/agents', { name: 'Followed', version: '1.0.0', spec: cardOf('followed') });
  if (answer.status !== 201) throw new Error(`making an agent answered ${answer.status}`);
  return idOf(answer.body);
}

/** What the followers follow: edits over a socket that is cut and over the API, changes of an agent. */
async function happen({ owner, documentId, agentId }: Work, provider: DocumentProvider): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const live = provider.doc.getText(TEXT_ROOT);
    live.insert(live.length, `live-${round};`);
    const status = round % 2 === 0 ? 'active' : 'suspended';
    const changed = await owner.api.post(`/api/v1/agents/${agentId}/status`, { status, reason: String(round) });
    const textInsert = { path: [TEXT_ROOT], at: { index: 0 }, text: `api-${round};` };
    const edited = await owner.api.post(`/api/v1/documents/${documentId}/collaborate`, {
      operations: [{ textInsert }],
    });
    if (changed.status !== 200 || edited.status !== 200) {
      throw new Error(`round ${round} was answered ${changed.status} and ${edited.status}: ${edited.text}`);
    }
    await pause(randomInt(5, 40));
  }
}

async function checkDocument({ owner, documentId }: Work, provider: DocumentProvider, tally: Tally): Promise<void> {
  await provider.flush(THERE_WITHIN_MS);
  const counts = countWords(provider.doc.getText(TEXT_ROOT).toString());
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const word of [`live-${round}`, `api-${round}`]) {
      tally.check(counts.get(word) === 1, () => `${word} stands ${counts.get(word) ?? 0} times in the live document`);
    }
  }
  const state = await owner.api.get(`/api/v1/documents/${documentId}/state`);
  const text = textOf([(state.body as { readonly update: string }).update]);
  tally.check(text === provider.doc.getText(TEXT_ROOT).toString(), 'the live document is not that of the server');
}
