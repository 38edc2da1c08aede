import * as Y from 'yjs';
import { textItemProblem } from './check-text.ts';
import { isPlainObject } from './json-value.ts';
import {
  attributeProblem,
  attributesProblem,
  mayHold,
  NODES_DEEP_MAX,
  type NodeSpec,
  richMark,
  richNode,
  takesText,
} from './rich-text-schema.ts';
import { depthOf, isExactly, type SharedType, typeOf } from './shared-items.ts';

/**
 * What is wrong with an item of rich text. How many nodes of a kind a node must hold is not asked: two people may each take
 * away one of the last two, and neither is wrong.
 */
export function richItemProblem(item: Y.Item, parent: SharedType): string | null {
  if (isExactly(parent, Y.XmlText)) return runProblem(item, parent);
  const holder = holderOf(parent);
  if (holder === undefined) return 'writes into a node that rich text does not have';
  if (item.parentSub !== null) return attributeItemProblem(item, parent, holder);
  return childProblem(item, parent, holder);
}

/** What is wrong with the attributes of a node together, or null. */
export function elementProblem(type: SharedType): string | null {
  if (!isExactly(type, Y.XmlElement)) return null;
  const spec = richNode(type.nodeName);
  if (spec === undefined) return `holds a node ${JSON.stringify(type.nodeName)}, which rich text does not have`;
  const problem = attributesProblem(spec.attributes, type.getAttributes());
  return problem === null ? null : `holds a node ${type.nodeName} that ${problem}`;
}

/** The node that a type is; the root is the document itself. */
function holderOf(type: SharedType): NodeSpec | undefined {
  if (isExactly(type, Y.XmlElement)) return richNode(type.nodeName);
  return type._item === null ? richNode(null) : undefined;
}

function attributeItemProblem(item: Y.Item, parent: SharedType, holder: NodeSpec): string | null {
  const name = item.parentSub ?? '';
  if (parent._item === null) return 'writes a key where nodes are';
  const spec = Object.hasOwn(holder.attributes, name) ? holder.attributes[name] : undefined;
  if (spec === undefined) return `writes an attribute ${JSON.stringify(name)} that the node does not have`;
  const values = item.content instanceof Y.ContentAny ? (item.content.arr as readonly unknown[]) : [undefined];
  const problem = attributeProblem(spec, values.at(-1));
  return problem === null ? null : `writes an attribute: ${name} ${problem}`;
}

function childProblem(item: Y.Item, parent: SharedType, holder: NodeSpec): string | null {
  const inner = typeOf(item);
  if (isExactly(inner, Y.XmlText)) return takesText(holder) ? null : 'puts text where no text may stand';
  if (!isExactly(inner, Y.XmlElement)) return 'puts something else than nodes and text into rich text';
  if (!mayHold(holder, inner.nodeName)) return `puts a node ${JSON.stringify(inner.nodeName)} where it may not stand`;
  return depthOf(parent, NODES_DEEP_MAX) < NODES_DEEP_MAX ? null : `is nested more than ${NODES_DEEP_MAX} levels deep`;
}

function runProblem(item: Y.Item, text: SharedType): string | null {
  const { content } = item;
  if (!(content instanceof Y.ContentFormat)) return textItemProblem(item);
  if (item.parentSub !== null) return 'writes a key where text is';
  // Null ends a mark.
  if (content.value === null) return null;
  const holder = text._item?.parent;
  const takesMarks = holder instanceof Y.AbstractType && holderOf(holder)?.marks === true;
  if (!takesMarks) return 'marks text that takes no marks';
  return markProblem(content.key, content.value);
}

/** What is wrong with a mark of text, or null. */
export function markProblem(name: string, attributes: unknown): string | null {
  const spec = richMark(name);
  if (spec === undefined) return `marks text as ${JSON.stringify(name)}, which rich text does not have`;
  if (!isPlainObject(attributes)) return `marks text as ${name} without an object of attributes`;
  const problem = attributesProblem(spec.attributes, attributes);
  return problem === null ? null : `marks text as ${name}, which ${problem}`;
}
