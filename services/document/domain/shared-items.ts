import * as Y from 'yjs';

/** A shared type of whatever kind. */
export type SharedType = NonNullable<ReturnType<Y.Doc['share']['get']>>;

/** The items of a type that are not deleted: those in its order, then those under its keys. */
export function* itemsOf(type: SharedType): Generator<Y.Item> {
  for (let item = type._start; item !== null; item = item.right) if (!item.deleted) yield item;
  for (const item of type._map.values()) if (!item.deleted) yield item;
}

/** The type that an item holds, or null when it holds something else. */
export const typeOf = ({ content }: Y.Item): SharedType | null =>
  content instanceof Y.ContentType ? (content.type as SharedType) : null;

/** Whether a type was deleted with the item that holds it. */
export const isDeletedType = (type: SharedType): boolean => type._item?.deleted ?? false;

/** Types above a type: 0 for a root. Counting stops beyond `max`. */
export function depthOf(type: SharedType, max: number): number {
  let depth = 0;
  for (let item = type._item; item !== null && depth <= max; depth += 1) {
    item = item.parent instanceof Y.AbstractType ? item.parent._item : null;
  }
  return depth;
}

/** Whether a value is of exactly this kind of type; elements of XML are texts and fragments to `instanceof`. */
export const isExactly = <T>(value: unknown, kind: abstract new (...args: never[]) => T): value is T =>
  value instanceof kind && Object.getPrototypeOf(value) === kind.prototype;
