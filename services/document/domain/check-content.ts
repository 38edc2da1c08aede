import * as Y from 'yjs';
import { checklistItemProblem, checklistProblem } from './check-checklist.ts';
import { jsonItemProblem } from './check-json.ts';
import { elementProblem, richItemProblem } from './check-rich-text.ts';
import { textItemProblem } from './check-text.ts';
import { CHECKLIST, type ContentType, RICH_TEXT, rootsOf } from './content-types.ts';
import { isDeletedType, itemsOf, type SharedType, typeOf } from './shared-items.ts';
import { jsonOf } from './shared-json.ts';

/** What is wrong with a content. */
export interface ContentProblem {
  /** RFC 6901 pointer into the roots where a JSON Schema tells one, else empty. */
  readonly pointer: string;
  /** Reads on after the name of what was written: `holds …`, `must be …`. */
  readonly message: string;
}

/** What a content is held against beside its content type. */
export interface ContentOptions {
  /** For `application/json`: what a JSON Schema says about the value of the root `data`. */
  readonly schemaProblem?: ((data: unknown) => ContentProblem | null) | undefined;
}

/**
 * What is wrong with a document as a whole, or null. Each item is judged by itself and by its parent, which never change, so
 * merging contents that are right gives one that is right; only a JSON Schema looks further.
 */
export function checkContent(
  doc: Y.Doc,
  contentType: ContentType,
  options: ContentOptions = {},
): ContentProblem | null {
  const checker = new Checker(doc, contentType);
  for (const type of doc.share.values()) {
    const problem = checker.type(type);
    if (problem !== null) return problem;
  }
  return schemaProblem(doc, contentType, options);
}

/**
 * What is wrong with what a transaction has written into a document that was right before, or null: the same as
 * `checkContent`, at the cost of the change alone. A JSON Schema is asked about the whole content.
 * @param transaction One that has ended or is at its `afterTransaction`.
 */
export function checkChanged(
  transaction: Y.Transaction,
  contentType: ContentType,
  options: ContentOptions = {},
): ContentProblem | null {
  const { doc, beforeState, changed } = transaction;
  const checker = new Checker(doc, contentType);
  for (const [client, structs] of doc.store.clients) {
    const before = beforeState.get(client) ?? 0;
    for (let index = structs.length - 1; index >= 0; index -= 1) {
      const struct = structs[index];
      if (struct === undefined || struct.id.clock + struct.length <= before) break;
      const problem = struct instanceof Y.Item && !struct.deleted ? checker.item(struct) : null;
      if (problem !== null) return problem;
    }
  }
  for (const type of changed.keys()) {
    const problem = isDeletedType(type) ? null : checker.members(type);
    if (problem !== null) return problem;
  }
  return schemaProblem(doc, contentType, options);
}

function schemaProblem(doc: Y.Doc, contentType: ContentType, options: ContentOptions): ContentProblem | null {
  if (contentType !== 'application/json') return null;
  return options.schemaProblem?.(jsonOf(doc.getMap('data'), 0)) ?? null;
}

const problemOf = (message: string | null): ContentProblem | null =>
  message === null ? null : { pointer: '', message };

/** Judges the items of one document. */
class Checker {
  readonly #contentType: ContentType;
  readonly #rootNames: ReadonlyMap<unknown, string>;

  constructor(doc: Y.Doc, contentType: ContentType) {
    this.#contentType = contentType;
    this.#rootNames = new Map(Object.keys(rootsOf(contentType)).map((name) => [doc.share.get(name), name]));
  }

  /** A type with all that is in it. */
  type(type: SharedType): ContentProblem | null {
    // A stack of its own: how deep types nest is up to the writer.
    const waiting: SharedType[] = [type];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const own = this.members(next);
      if (own !== null) return own;
      for (const item of itemsOf(next)) {
        const problem = this.item(item);
        if (problem !== null) return problem;
        const inner = typeOf(item);
        if (inner !== null) waiting.push(inner);
      }
    }
    return null;
  }

  /** One item that is not deleted, where it stands. */
  item(item: Y.Item): ContentProblem | null {
    const { parent } = item;
    if (!(parent instanceof Y.AbstractType)) return null;
    if (parent._item === null && !this.#rootNames.has(parent)) {
      return problemOf(`writes into a root that does not belong to ${this.#contentType}`);
    }
    const inner = typeOf(item);
    return problemOf(this.#itemMessage(item, parent)) ?? (inner === null ? null : this.members(inner));
  }

  /** A type by those of its parts that only count together. */
  members(type: SharedType): ContentProblem | null {
    if (this.#contentType === RICH_TEXT) return problemOf(elementProblem(type));
    if (this.#contentType === CHECKLIST) return problemOf(checklistProblem(type, this.#rootNames));
    return null;
  }

  #itemMessage(item: Y.Item, parent: SharedType): string | null {
    switch (this.#contentType) {
      case 'text/plain':
      case 'text/markdown':
        return textItemProblem(item);
      case 'application/json':
        return jsonItemProblem(item, parent);
      case RICH_TEXT:
        return richItemProblem(item, parent);
      case CHECKLIST:
        return checklistItemProblem(item, parent);
    }
  }
}
