import { platformErrors } from '../errors/index.ts';

/** Text of one event that has not come whole; larger ones are refused. */
const EVENT_CHARS_MAX = 16 * 1024 * 1024;

/**
 * The results in a `text/event-stream` body: the data of each `next`, until `complete`.
 * @throws AppError UNAVAILABLE when the body ends without `complete`; SyntaxError when an event is not JSON.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, undefined> {
  const decoder = new TextDecoder();
  let waiting = '';
  for await (const chunk of body) {
    waiting += decoder.decode(chunk, { stream: true });
    if (waiting.length > EVENT_CHARS_MAX) throw new Error('an event of a subgraph is too large');
    for (let end = waiting.indexOf('\n\n'); end >= 0; end = waiting.indexOf('\n\n')) {
      const event = waiting.slice(0, end);
      waiting = waiting.slice(end + 2);
      if (event.startsWith('event: complete')) return undefined;
      if (event.startsWith('event: next\ndata: ')) yield JSON.parse(event.slice('event: next\ndata: '.length));
    }
  }
  throw platformErrors.unavailable({ detail: 'The stream was cut.' });
}
