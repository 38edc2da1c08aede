import * as Y from 'yjs';

/** Clocks of one client: from the first to before the last. */
export interface ClockRange {
  readonly client: number;
  readonly from: number;
  readonly to: number;
}

/** What an update holds, as far as it matters before it is applied. */
export interface IncomingUpdate {
  /** New content by client, each without gaps. */
  readonly ranges: readonly ClockRange[];
  /** Whether it builds on, or deletes, what neither the document nor the update itself has. */
  readonly isMissing: boolean;
}

/**
 * Reads an update through and holds it against a document, which it leaves as it is: an update that is cut off, or that
 * builds on what is not there, would else change the document before it fails.
 * @returns null for bytes that are no update of encoding V1.
 */
export function readIncoming(doc: Y.Doc, update: Uint8Array): IncomingUpdate | null {
  const decoded = decode(update);
  if (decoded === null) return null;
  const { store } = doc;
  const found = rangesOf(store, decoded.structs);
  const clockOf = (client: number): number => {
    const own = found.get(client);
    return own === undefined ? Y.getState(store, client) : Math.max(own.known, own.to);
  };
  const ranges: ClockRange[] = [];
  let isMissing = false;
  for (const { client, from, to, known, hasGap } of found.values()) {
    if (from > known || hasGap) isMissing = true;
    if (to > known) ranges.push({ client, from: known, to });
  }
  isMissing ||= decoded.structs.some((struct) => struct instanceof Y.Item && !isFounded(struct, clockOf));
  for (const [client, deletions] of decoded.ds.clients) {
    const clock = clockOf(client);
    isMissing ||= deletions.some(({ clock: start, len }) => start + len > clock);
  }
  return { ranges, isMissing };
}

type Decoded = ReturnType<typeof Y.decodeUpdate>;

function decode(update: Uint8Array): Decoded | null {
  try {
    return Y.decodeUpdate(update);
  } catch {
    // Whatever Yjs and lib0 throw at bytes means the same.
    return null;
  }
}

interface FoundRange {
  readonly client: number;
  readonly from: number;
  to: number;
  hasGap: boolean;
  /** Clock up to which the document has the client. */
  readonly known: number;
}

/** Ranges of clocks by client. Structs of one client come together and in order; a skip stands for what is left out. */
function rangesOf(store: Y.Doc['store'], structs: Decoded['structs']): ReadonlyMap<number, FoundRange> {
  const found = new Map<number, FoundRange>();
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const to = clock + struct.length;
    const isSkip = struct instanceof Y.Skip;
    const range = found.get(client);
    if (range === undefined) {
      found.set(client, { client, from: clock, to, hasGap: isSkip, known: Y.getState(store, client) });
    } else {
      range.hasGap ||= isSkip || clock > range.to;
      range.to = Math.max(range.to, to);
    }
  }
  return found;
}

/** Whether all that an item names is there. */
function isFounded(item: Y.Item, clockOf: (client: number) => number): boolean {
  const isThere = (id: Y.ID | null): boolean => id === null || id.clock < clockOf(id.client);
  const { parent } = item;
  return isThere(item.origin) && isThere(item.rightOrigin) && (!(parent instanceof Y.ID) || isThere(parent));
}
