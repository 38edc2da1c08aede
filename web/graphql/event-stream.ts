/** An event of a stream (HTML standard, section 9.2.6). */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** A single event beyond this is no event of ours, characters. */
const EVENT_CHARS_MAX = 4_000_000;

/** Events of an answer as they come; comments keep the connection alive and are left out. */
export async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<StreamEvent> {
  let waiting = '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      waiting += value;
      if (waiting.length > EVENT_CHARS_MAX) throw new RangeError('an event of the stream does not end');
      const blocks = waiting.split(/\r?\n\r?\n/);
      waiting = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = readEvent(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
}

function readEvent(block: string): StreamEvent | null {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 && name === 'message' ? null : { name, data: data.join('\n') };
}
