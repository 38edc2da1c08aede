import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents, type StreamEvent } from '../event-stream.ts';

/** The bytes of a text in pieces that end anywhere, in the middle of a character too. */
function inPieces(text: string, cuts: readonly number[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  const places = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((one, other) => one - other),
    bytes.length,
  ];
  return new ReadableStream({
    start(controller) {
      for (const [index, place] of places.entries()) controller.enqueue(bytes.slice(places[index - 1] ?? 0, place));
      controller.close();
    },
  });
}

test('events come whole, however the network cuts them', async () => {
  const text =
    ':\n\nevent: next\ndata: {"data":{"ü":1}}\n\n:\n\nevent: next\ndata: {"data":\ndata: 2}\n\nevent: complete\ndata:\n\n';
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(200)), async (cuts) => {
      const events: StreamEvent[] = [];
      for await (const event of readEvents(inPieces(text, cuts))) events.push(event);
      expect(events).toEqual([
        { name: 'next', data: '{"data":{"ü":1}}' },
        { name: 'next', data: '{"data":\n2}' },
        { name: 'complete', data: '' },
      ]);
    }),
  );
});
