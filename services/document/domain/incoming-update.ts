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
  const known = new Map<number, number>();
  const clockOf = (client: number): number => known.get(client) ?? Y.getState(doc.store, client);
  const ranges: ClockRange[] = [];
  let isMissing = false;
  for (const { from, to, client, hasGap } of rangesOf(decoded.structs)) {
    const before = Y.getState(doc.store, client);
    if (from > before || hasGap) isMissing = true;
    known.set(client, Math.max(before, to));
    if (to > before) ranges.push({ client, from: before, to });
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

interface FoundRange extends ClockRange {
  readonly hasGap: boolean;
}

/** Ranges of clocks by client. Structs of one client come together and in order; a skip stands for what is left out. */
function rangesOf(structs: Decoded['structs']): readonly FoundRange[] {
  const found = new Map<number, { from: number; to: number; hasGap: boolean }>();
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const isSkip = struct instanceof Y.Skip;
    const range = found.get(client);
    if (range === undefined) found.set(client, { from: clock, to: clock + struct.length, hasGap: isSkip });
    else {
      range.hasGap ||= isSkip || clock > range.to;
      range.to = Math.max(range.to, clock + struct.length);
    }
  }
  return Array.from(found, ([client, range]) => ({ client, ...range }));
}

/** Whether all that an item names is there. */
function isFounded(item: Y.Item, clockOf: (client: number) => number): boolean {
  const isThere = (id: Y.ID | null): boolean => id === null || id.clock < clockOf(id.client);
  const { parent } = item;
  return isThere(item.origin) && isThere(item.rightOrigin) && (!(parent instanceof Y.ID) || isThere(parent));
}
