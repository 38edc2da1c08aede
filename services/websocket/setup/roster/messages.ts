/** One entry of a roster: where it stands, and what it says; null for one that is gone. */
export type RosterEntry = readonly [room: string, key: string, value: unknown];

/**
 * What nodes tell each other.
 *
 * - `put`: entries of the node have changed
 * - `all`: these are all entries of the node in a room; `more` when the message goes on one before it
 * - `ask`: somebody wants all entries of rooms
 * - `beat`: the node lives
 * - `bye`: the node leaves, and all its entries with it
 */
export type RosterMessage =
  | { readonly kind: 'put'; readonly node: string; readonly entries: readonly RosterEntry[] }
  | {
      readonly kind: 'all';
      readonly node: string;
      readonly room: string;
      readonly more: boolean;
      readonly entries: readonly RosterEntry[];
    }
  | { readonly kind: 'ask'; readonly node: string; readonly rooms: readonly string[] }
  | { readonly kind: 'beat'; readonly node: string }
  | { readonly kind: 'bye'; readonly node: string };

/** Room for the words around the entries, below the 7,000 bytes of a message. */
const CONTENT_BYTES_MAX = 6_500;

/** Groups of items, each of which fits one message. A larger item makes a group alone, which the bus refuses. */
export function inMessages<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const itemBytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes + itemBytes > CONTENT_BYTES_MAX) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(item);
    bytes += itemBytes;
  }
  return groups;
}
