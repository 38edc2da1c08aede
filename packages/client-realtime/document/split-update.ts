import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** An update that cannot be cut small enough: one value in it is larger than the bound. */
export class UpdateTooLargeError extends Error {
  override readonly name = 'UpdateTooLargeError';
}

type Struct = Y.Item | Y.GC | Y.Skip;

/** Structs of one client that are still to be written, in the order of their clocks. */
interface Queue {
  readonly client: number;
  readonly structs: Struct[];
}

/** Texts and lists are cut until a part is so small that it hardly counts beside the bound of a piece. */
const PART_BYTES_MAX = 65_536;
/** Deleted ranges of one piece: two numbers of at most eight bytes each. */
const RANGES_PER_KILOBYTE = 64;

/**
 * Cuts an update into updates of about `bytesMax` that, applied in their order to whatever the whole could be applied to,
 * give the same and wait for nothing that comes later: structs follow what they refer to, deletions follow all structs.
 * An update that is small enough is given back as it is.
 * @param bytesMax Aim for each piece, at least 1 KiB.
 * @param hardMax What no piece may exceed.
 * @throws UpdateTooLargeError when one value alone exceeds `hardMax`.
 */
export function splitUpdate(update: Uint8Array, bytesMax: number, hardMax: number): readonly Uint8Array[] {
  if (update.byteLength <= bytesMax) return [update];
  const { structs, ds } = Y.decodeUpdate(update);
  const pieces = [...structPieces(queuesOf(structs), bytesMax), ...deletionPieces(ds.clients, bytesMax)];
  for (const piece of pieces) {
    if (piece.byteLength > hardMax) {
      throw new UpdateTooLargeError(`one value of the edit takes ${piece.byteLength} bytes, of ${hardMax} allowed`);
    }
  }
  return pieces;
}

function queuesOf(structs: readonly Struct[]): readonly Queue[] {
  const queues = new Map<number, Queue>();
  for (const struct of structs) {
    const { client } = struct.id;
    const queue = queues.get(client) ?? { client, structs: [] };
    queues.set(client, queue);
    queue.structs.push(...cutStruct(struct));
  }
  return [...queues.values()];
}

/** Parts of a struct, each of a size that can be sent. What cannot be cut (a blob, an embedded object) stays whole. */
function cutStruct(struct: Struct): readonly Struct[] {
  const cut = cutOf(struct);
  if (cut === null || !(struct instanceof Y.Item)) return [struct];
  const { client, clock } = struct.id;
  const { rightOrigin, parent, parentSub } = struct;
  const content = struct.content.splice(cut);
  const right = new Y.Item(
    Y.createID(client, clock + cut),
    null,
    Y.createID(client, clock + cut - 1),
    null,
    rightOrigin,
    parent,
    parentSub,
    content,
  );
  struct.length = cut;
  return [...cutStruct(struct), ...cutStruct(right)];
}

/** Where to cut a struct, or null when it is small enough or has no parts. */
function cutOf(struct: Struct): number | null {
  if (!(struct instanceof Y.Item) || struct.length < 2) return null;
  const { content } = struct;
  const hasParts =
    content instanceof Y.ContentString || content instanceof Y.ContentAny || content instanceof Y.ContentJSON;
  if (!hasParts || bytesOf(struct) <= PART_BYTES_MAX) return null;
  const half = Math.floor(struct.length / 2);
  if (!(content instanceof Y.ContentString)) return half;
  // A pair of surrogates is one character: cut in two, both halves would be replaced.
  const before = content.str.charCodeAt(half - 1);
  const cut = before >= 0xd800 && before <= 0xdbff ? half - 1 : half;
  return cut === 0 ? null : cut;
}

function bytesOf(struct: Struct): number {
  const encoder = new Y.UpdateEncoderV1();
  struct.write(encoder, 0);
  return encoding.length(encoder.restEncoder);
}

/** Ids that must be there before the struct. */
function dependencies(struct: Struct): readonly Y.ID[] {
  if (!(struct instanceof Y.Item)) return [];
  const parent = struct.parent instanceof Y.ID ? struct.parent : null;
  return [struct.origin, struct.rightOrigin, parent].filter((id) => id !== null);
}

function* structPieces(queues: readonly Queue[], bytesMax: number): Generator<Uint8Array> {
  /** Structs of this update that are not written yet begin here; what an update does not hold is held by its receiver. */
  const nextClock = new Map(queues.map(({ client, structs }) => [client, structs[0]?.id.clock ?? 0]));
  const at = new Map<number, number>();
  const isThere = ({ client, clock }: Y.ID): boolean => clock < (nextClock.get(client) ?? Number.POSITIVE_INFINITY);
  let piece = new Piece();
  let left = queues.reduce((sum, { structs }) => sum + structs.length, 0);
  while (left > 0) {
    const leftBefore = left;
    for (const { client, structs } of queues) {
      let position = at.get(client) ?? 0;
      for (; position < structs.length; position += 1) {
        const struct = structs[position];
        if (struct === undefined || !dependencies(struct).every(isThere)) break;
        if (piece.bytes >= bytesMax) {
          yield piece.encode();
          piece = new Piece();
        }
        piece.add(struct);
        nextClock.set(
          client,
          position + 1 < structs.length ? struct.id.clock + struct.length : Number.POSITIVE_INFINITY,
        );
        left -= 1;
      }
      at.set(client, position);
    }
    // An update of Yjs has no circles; a foreign one is not worth a loop without end.
    if (left === leftBefore) throw new UpdateTooLargeError('the edit refers to itself and cannot be cut');
  }
  if (piece.bytes > 0) yield piece.encode();
}

/** Structs of one piece: written as they come, since their bytes are what bounds the piece. */
class Piece {
  bytes = 0;
  readonly #clients = new Map<number, { readonly clock: number; count: number; readonly encoder: Y.UpdateEncoderV1 }>();

  add(struct: Struct): void {
    const { client, clock } = struct.id;
    const part = this.#clients.get(client) ?? { clock, count: 0, encoder: new Y.UpdateEncoderV1() };
    this.#clients.set(client, part);
    const before = encoding.length(part.encoder.restEncoder);
    struct.write(part.encoder, 0);
    part.count += 1;
    this.bytes += encoding.length(part.encoder.restEncoder) - before;
  }

  encode(): Uint8Array {
    return encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, this.#clients.size);
      // Higher client ids first, as Yjs writes them.
      for (const [client, part] of [...this.#clients].sort(([a], [b]) => b - a)) {
        encoding.writeVarUint(encoder, part.count);
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, part.clock);
        encoding.writeUint8Array(encoder, part.encoder.toUint8Array());
      }
      encoding.writeVarUint(encoder, 0);
    });
  }
}

type DeletedRanges = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;

function* deletionPieces(clients: DeletedRanges, bytesMax: number): Generator<Uint8Array> {
  const rangesMax = Math.max(1, Math.floor((bytesMax / 1_024) * RANGES_PER_KILOBYTE));
  for (const [client, ranges] of clients) {
    for (let start = 0; start < ranges.length; start += rangesMax) {
      const part = ranges.slice(start, start + rangesMax);
      yield encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint(encoder, 1);
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, part.length);
        for (const { clock, len } of part) {
          encoding.writeVarUint(encoder, clock);
          encoding.writeVarUint(encoder, len);
        }
      });
    }
  }
}
