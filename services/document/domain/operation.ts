/** One step of the way to a shared type: the name of a root first, then keys of maps and indexes of lists. */
export type PathSegment = string | number;

/** Where in a text: counted in UTF-16 units from its start, or relative to a character that may have moved since. */
export type Position = { readonly index: number } | { readonly relative: Uint8Array };

/** Attributes of a range of text; null takes one away. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a caller does to a document. Exactly one of its kinds. */
export type Operation =
  | { readonly kind: 'yjsUpdate'; readonly update: Uint8Array; readonly encoding: 'V1' | 'V2' }
  | {
      readonly kind: 'textInsert';
      readonly path: readonly PathSegment[];
      readonly at: Position;
      readonly text: string;
      readonly attributes: Attributes | null;
    }
  | {
      readonly kind: 'textDelete';
      readonly path: readonly PathSegment[];
      readonly at: Position;
      /** UTF-16 units. */
      readonly length: number;
      /** What must stand there for the deletion to happen. */
      readonly expect: string | null;
    }
  | {
      readonly kind: 'textFormat';
      readonly path: readonly PathSegment[];
      readonly at: Position;
      readonly length: number;
      readonly attributes: Attributes;
    }
  | {
      readonly kind: 'mapSet';
      readonly path: readonly PathSegment[];
      readonly key: string;
      readonly value: unknown;
      /** Leaves a key that is there as it is. */
      readonly ifAbsent: boolean;
      /** Makes objects and lists shared, so that others may change parts of them; else they are replaced as a whole. */
      readonly shared?: boolean;
    }
  | { readonly kind: 'mapDelete'; readonly path: readonly PathSegment[]; readonly key: string }
  | {
      readonly kind: 'arrayInsert';
      readonly path: readonly PathSegment[];
      readonly index: number;
      readonly values: readonly unknown[];
      readonly shared?: boolean;
    }
  | {
      readonly kind: 'arrayDelete';
      readonly path: readonly PathSegment[];
      readonly index: number;
      readonly length: number;
    }
  | {
      /** Takes out and puts in: what others do to the item at the same time is lost, and two moves at once make two of it. */
      readonly kind: 'arrayMove';
      readonly path: readonly PathSegment[];
      readonly from: number;
      /** Where it stands afterwards. */
      readonly to: number;
    };

/** An operation of one kind. */
export type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Operations of one call: one transaction of bounded length. */
export const OPERATIONS_MAX = 1_000;
/** One raw update; the first sync of a large document fits. */
export const UPDATE_BYTES_MAX = 1024 * 1024;

/**
 * Whether an operation names its place by counting, so that it is only right for the version it was made for. Digits in a
 * path may be a key; `Applied.countsPlaces` knows.
 */
export const countsPlaces = (operation: Operation): boolean => {
  if (operation.kind === 'yjsUpdate') return false;
  if (operation.kind.startsWith('array')) return true;
  if ('at' in operation && 'index' in operation.at) return true;
  return operation.path.some((segment) => typeof segment === 'number');
};

/** Why an operation was not taken. */
export type RefusalReason =
  | 'invalid' // it cannot be done to this document
  | 'conflict' // what it expects to find is not there
  | 'missing_dependencies'; // it builds on updates that the document has not seen

/** An operation that was not taken; none of its call was. */
export class OperationRefused extends Error {
  override readonly name = 'OperationRefused';
  readonly reason: RefusalReason;
  /** Place in the list of operations. */
  readonly index: number;
  /** RFC 6901 pointer within the operation: `/textInsert/at`. */
  readonly pointer: string;
  /** RFC 6901 pointer into the content where a JSON Schema is broken; else empty. */
  readonly contentPointer: string;

  constructor(reason: RefusalReason, index: number, pointer: string, message: string, contentPointer = '') {
    super(message);
    this.contentPointer = contentPointer;
    this.reason = reason;
    this.index = index;
    this.pointer = pointer;
  }
}
