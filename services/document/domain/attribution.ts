import * as Y from 'yjs';
import { type ContentType, rootsOf } from './content-types.ts';
import { type Sequence, visibleRuns } from './reconcile/visible-items.ts';
import { rootOf } from './shared-types.ts';

/** Units of the present content that one client wrote one after another. */
export interface ClientRun {
  /** The root, then keys of maps and places in lists and nodes. */
  readonly path: readonly (string | number)[];
  /** Place of the first unit in its text or list; 0 for the value of a key. */
  readonly start: number;
  readonly length: number;
  /** The characters of a text; null for values and nodes. */
  readonly text: string | null;
  readonly client: number;
  readonly clock: number;
}

/** A piece of writing: clocks of one client, from the first to before the last. */
type Visit = (run: ClientRun) => boolean;

/**
 * Calls back with each run of the present content in its order, until the callback says to stop.
 * @returns whether it came to the end.
 */
export function eachClientRun(doc: Y.Doc, contentType: ContentType, visit: Visit): boolean {
  for (const [name, kind] of Object.entries(rootsOf(contentType))) {
    if (!visitType(rootOf(doc, name, kind), [name], visit)) return false;
  }
  return true;
}

type Path = readonly (string | number)[];

function visitType(type: unknown, path: Path, visit: Visit): boolean {
  if (type instanceof Y.Map) return visitKeys(type, path, visit);
  if (type instanceof Y.XmlElement && !visitKeys(type, path, visit)) return false;
  const isSequence = type instanceof Y.Text || type instanceof Y.Array || type instanceof Y.XmlFragment;
  return isSequence ? visitUnits(type, path, visit) : true;
}

/** Values of keys, and attributes of nodes. */
function visitKeys(type: Pick<Y.AbstractType<unknown>, '_map'>, path: Path, visit: Visit): boolean {
  for (const [key, item] of type._map) {
    if (item.deleted) continue;
    const at = [...path, key];
    // The last of several values set in one go is the one that counts.
    const clock = item.lastId.clock;
    if (!visit({ path: at, start: 0, length: 1, text: null, client: item.id.client, clock })) return false;
    if (item.content instanceof Y.ContentType && !visitType(item.content.type, at, visit)) return false;
  }
  return true;
}

function visitUnits(type: Sequence, path: Path, visit: Visit): boolean {
  for (const { client, clock, length, start, text, values } of visibleRuns(type)) {
    if (!visit({ path, start, length, text, client, clock })) return false;
    for (const [index, value] of (values ?? []).entries()) {
      if (value instanceof Y.AbstractType && !visitType(value, [...path, start + index], visit)) return false;
    }
  }
  return true;
}

/** When something was there for the first time. */
export interface Seen {
  /** The version of the document that has it. */
  readonly sequence: number;
  readonly at: Date;
}

/** Tells since when pieces of writing are in a document, from what states and updates are known to hold. */
export class FirstSeen {
  readonly #marks = new Map<number, { readonly end: number; readonly seen: Seen }[]>();

  /** Notes that a client's writing up to a clock was there at a moment. To be called in the order of the sequence. */
  note(client: number, end: number, seen: Seen): void {
    const marks = this.#marks.get(client);
    if (marks === undefined) this.#marks.set(client, [{ end, seen }]);
    else if (end > (marks.at(-1)?.end ?? 0)) marks.push({ end, seen });
  }

  /** The earliest known moment at which a clock of a client was there; null when none is known. */
  of(client: number, clock: number): Seen | null {
    const marks = this.#marks.get(client) ?? [];
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((marks[middle]?.end ?? 0) > clock) high = middle;
      else low = middle + 1;
    }
    return marks[low]?.seen ?? null;
  }
}
