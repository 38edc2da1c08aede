import { randomUUID } from 'node:crypto';
import { createInProcessBus, createInProcessPubSub, type InProcessBus, type PubSub } from '@candlefish/kit/pubsub';
import { createLog } from '@candlefish/kit/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { Roster, type RosterChange } from '../setup/roster/roster.ts';
import { until } from './clients.ts';

const tenantId = randomUUID();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Node {
  readonly roster: Roster;
  readonly pubsub: PubSub;
}

async function node(
  bus: InProcessBus,
  name: string,
  timing = { beatMs: 40, silenceMs: 300, settledMs: 30 },
  pubsub = createInProcessPubSub({ bus }),
): Promise<Node> {
  const roster = new Roster({ tenantId, node: name, pubsub, log: createLog({ level: 'silent' }), timing });
  await roster.start();
  closing.push(async () => {
    await roster.close();
    await pubsub.close();
  });
  return { roster, pubsub };
}

const seen = ({ roster }: Node, room = 'r'): Record<string, unknown> => Object.fromEntries(roster.entries(room));
const ignore = (): void => undefined;

describe('a roster', () => {
  it('shows entries of every node, also to one that comes late', async () => {
    const bus = createInProcessBus();
    const [one, two] = [await node(bus, 'one'), await node(bus, 'two')];
    one.roster.put('r', 'a', 1);
    two.roster.put('r', 'b', 2);
    const late = await node(bus, 'late');
    late.roster.watch('r', ignore);
    await late.roster.known('r');
    expect(seen(late)).toEqual({ a: 1, b: 2 });
  });

  it('tells changes of a moment together, and nothing of what came and went', async () => {
    const bus = createInProcessBus();
    const [one, two] = [await node(bus, 'one'), await node(bus, 'two')];
    const told: RosterChange[][] = [];
    two.roster.watch('r', (changes) => void told.push([...changes]));
    await two.roster.known('r');
    one.roster.put('r', 'a', 1);
    one.roster.put('r', 'a', 2);
    one.roster.put('r', 'brief', 1);
    one.roster.remove('r', 'brief');
    await until('it is told', () => told.length > 0);
    expect(told).toEqual([[{ key: 'a', value: 2, isNew: true }]]);
  });

  it('tells that an entry has gone which a newcomer was shown before it was told', async () => {
    const one = await node(createInProcessBus(), 'one');
    const told: RosterChange[][] = [];
    one.roster.watch('r', (changes) => void told.push([...changes]));
    one.roster.put('r', 'brief', 1);
    expect(seen(one)).toEqual({ brief: 1 });
    one.roster.remove('r', 'brief');
    await until('it is told', () => told.length > 0);
    expect(told.flat().map(({ key, value }) => [key, value])).toEqual([['brief', null]]);
  });

  it('forgets a node that says goodbye at once, and one that dies when it was silent', async () => {
    const bus = createInProcessBus();
    const [one, leaving, dying] = [await node(bus, 'one'), await node(bus, 'leaving'), await node(bus, 'dying')];
    one.roster.watch('r', ignore);
    leaving.roster.put('r', 'a', 1);
    dying.roster.put('r', 'b', 2);
    await until('both are seen', () => Object.keys(seen(one)).length === 2);
    await leaving.roster.close();
    await until('the first is gone', () => !('a' in seen(one)), 100);
    expect(seen(one)).toEqual({ b: 2 });
    await dying.pubsub.close();
    await until('the second is gone', () => !('b' in seen(one)), 2_000);
  });

  it('keeps an entry that has moved to another node when the first one takes it away', async () => {
    const bus = createInProcessBus();
    const [one, two, watcher] = [await node(bus, 'one'), await node(bus, 'two'), await node(bus, 'watcher')];
    watcher.roster.watch('r', ignore);
    one.roster.put('r', 'a', 'old');
    await until('it is seen', () => seen(watcher)['a'] === 'old');
    two.roster.put('r', 'a', 'new');
    await until('it has moved', () => seen(watcher)['a'] === 'new');
    one.roster.remove('r', 'a');
    two.roster.put('r', 'mark', true);
    await until('later news has come', () => seen(watcher)['mark'] === true);
    expect(seen(watcher)['a']).toBe('new');
  });

  it('carries many entries in messages of the size that the bus takes', async () => {
    const bus = createInProcessBus();
    const [one, two] = [await node(bus, 'one'), await node(bus, 'two')];
    two.roster.watch('r', ignore);
    for (let index = 0; index < 500; index++) one.roster.put('r', `key-${index}`, { text: 'ü'.repeat(index) });
    await until('all have come', () => Object.keys(seen(two)).length === 500);
    const late = await node(bus, 'late');
    late.roster.watch('r', ignore);
    await until('all are told again', () => Object.keys(seen(late)).length === 500);
  });

  it('heals what a lost message has left behind', async () => {
    const bus = createInProcessBus();
    const [one, two] = [await node(bus, 'one'), await node(bus, 'two')];
    two.roster.watch('r', ignore);
    one.roster.put('r', 'a', 1);
    one.roster.put('r', 'b', 1);
    await until('both are seen', () => Object.keys(seen(two)).length === 2);
    const deliveries = [...bus.nodes];
    bus.nodes.clear();
    one.roster.remove('r', 'a');
    one.roster.put('r', 'b', 2);
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (const deliver of deliveries) bus.nodes.add(deliver);
    await until('it is as it should be', () => JSON.stringify(seen(two)) === JSON.stringify({ b: 2 }), 2_000);
  });

  it('is whole on both sides soon after the bus was away, whoever is back first', async () => {
    const bus = createInProcessBus();
    const rare = { beatMs: 60_000, silenceMs: 180_000, settledMs: 30 };
    const [first, last] = [new Failing(bus), new Failing(bus)];
    const [one, two] = [await node(bus, 'one', rare, first), await node(bus, 'two', rare, last)];
    for (const { roster } of [one, two]) roster.watch('r', ignore);
    one.roster.put('r', 'a', 1);
    two.roster.put('r', 'b', 1);
    await until('each sees the other', () => [one, two].every((it) => Object.keys(seen(it)).length === 2));
    for (const pubsub of [first, last]) pubsub.isAway = true;
    one.roster.put('r', 'a', 2);
    two.roster.put('r', 'b', 2);
    await until('both have told it to nobody', () => first.lost > 0 && last.lost > 0);
    first.comeBack();
    await until('the other one did not hear the question', () => last.unheard > 0);
    last.comeBack();
    await until('all is seen', () => [one, two].every((it) => seen(it)['a'] === 2 && seen(it)['b'] === 2), 2_000);
  });
});

/** A bus that goes away, and says so when it is back. */
class Failing implements PubSub {
  isAway = false;
  lost = 0;
  unheard = 0;
  readonly #pubsub: PubSub;
  readonly #gaps: (() => void)[] = [];

  constructor(bus: InProcessBus) {
    this.#pubsub = createInProcessPubSub({ bus });
  }

  async publish(channel: string, message: string): Promise<void> {
    if (this.isAway) this.lost += 1;
    else await this.#pubsub.publish(channel, message);
  }

  subscribe(channel: string, listener: (message: string) => void, onGap: () => void = ignore) {
    this.#gaps.push(onGap);
    return this.#pubsub.subscribe(channel, (message) => {
      if (this.isAway) this.unheard += 1;
      else listener(message);
    });
  }

  comeBack(): void {
    this.isAway = false;
    for (const gap of this.#gaps) gap();
  }

  close(): Promise<void> {
    return this.#pubsub.close();
  }
}
