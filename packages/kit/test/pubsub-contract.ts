import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { OnListenerError, PubSub } from '../pubsub/index.ts';
import { until } from './drivers.ts';

/** Makes one more node on the bus of the suite. */
export type MakeNode = (options?: { readonly onListenerError?: OnListenerError }) => Promise<PubSub>;

/** What every driver of pub/sub does. */
export function pubsubContract(makeNode: MakeNode): void {
  const twoNodes = async (): Promise<readonly [PubSub, PubSub]> => [await makeNode(), await makeNode()];

  test('a message reaches every listener of its channel on every node, in order, and no other channel', async () => {
    const [a, b] = await twoNodes();
    const [one, other] = [randomUUID(), randomUUID()];
    const heard: string[][] = [[], [], []];
    await a.subscribe(one, (message) => heard[0]?.push(message));
    await b.subscribe(one, (message) => heard[1]?.push(message));
    await b.subscribe(other, (message) => heard[2]?.push(message));
    for (let count = 0; count < 50; count++) await a.publish(one, `${count} ü`);
    await b.publish(other, 'end');
    await until('all came', () => heard[0]?.length === 50 && heard[1]?.length === 50 && heard[2]?.length === 1);
    const expected = Array.from({ length: 50 }, (_, count) => `${count} ü`);
    expect(heard).toEqual([expected, expected, ['end']]);
    await Promise.all([a.close(), b.close()]);
  });

  test('what is published after subscribe has resolved is heard, for many channels at once', async () => {
    const [a, b] = await twoNodes();
    const channels = Array.from({ length: 200 }, () => randomUUID());
    const heard = new Set<string>();
    await Promise.all(
      channels.map(async (channel) => {
        await b.subscribe(channel, () => heard.add(channel));
        await a.publish(channel, '');
      }),
    );
    await until('every channel was heard', () => heard.size === channels.length);
    await Promise.all([a.close(), b.close()]);
  });

  test('an ended subscription hears nothing while its neighbour on the channel still does', async () => {
    const [a, b] = await twoNodes();
    const channel = randomUUID();
    const heard: string[] = [];
    const end = await b.subscribe(channel, () => heard.push('ended'));
    await b.subscribe(channel, (message) => heard.push(message));
    await end();
    await end();
    await a.publish(channel, 'one');
    await until('the neighbour heard', () => heard.length > 0);
    expect(heard).toEqual(['one']);
    await Promise.all([a.close(), b.close()]);
  });

  test('a channel can be heard again after its last listener has left', async () => {
    const [a, b] = await twoNodes();
    const channel = randomUUID();
    for (const round of ['one', 'two', 'three']) {
      const heard: string[] = [];
      const end = await b.subscribe(channel, (message) => heard.push(message));
      await a.publish(channel, round);
      await until(`round ${round}`, () => heard.length === 1);
      expect(heard).toEqual([round]);
      await end();
    }
    await Promise.all([a.close(), b.close()]);
  });

  test('a listener never runs inside publish, and one that throws keeps nothing from the others', async () => {
    const faults: unknown[] = [];
    const pubsub = await makeNode({ onListenerError: (_, error) => void faults.push(error) });
    const channel = randomUUID();
    const order: string[] = [];
    await pubsub.subscribe(channel, () => {
      order.push('listener');
      throw new Error('faulty');
    });
    await pubsub.subscribe(channel, () => order.push('second'));
    const published = pubsub.publish(channel, '');
    order.push('returned');
    await published;
    await until('both ran', () => order.length === 3);
    expect(order).toEqual(['returned', 'listener', 'second']);
    expect(faults).toEqual([new Error('faulty')]);
    await pubsub.close();
  });

  test('a message or channel too long for any driver is refused by every driver', async () => {
    const [a, b] = await twoNodes();
    await expect(a.publish('c', 'x'.repeat(7_001))).rejects.toThrow(RangeError);
    await expect(a.publish('c'.repeat(201), '')).rejects.toThrow(RangeError);
    await expect(a.subscribe('', () => undefined)).rejects.toThrow(RangeError);
    await a.publish('c', 'x'.repeat(7_000));
    await Promise.all([a.close(), b.close()]);
  });
}
