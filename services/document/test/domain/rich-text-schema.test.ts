import { runs } from '@candlefish/testkit/property-runs';
import { getSchema, Mark } from '@tiptap/core';
import { Image } from '@tiptap/extension-image';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { Mention } from '@tiptap/extension-mention';
import { TableKit } from '@tiptap/extension-table';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { StarterKit } from '@tiptap/starter-kit';
import { prosemirrorToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { checkContent } from '../../domain/check-content.ts';
import { RICH_TEXT } from '../../domain/content-types.ts';
import { nodeProblem, sharedNodesOf } from '../../domain/rich-nodes.ts';
import { richTextOf } from '../../domain/rich-text.ts';
import {
  HEADING_LEVEL_MAX,
  isAllowedHref,
  isAllowedSrc,
  type NodeSpec,
  RICH_MARKS,
  RICH_NODES,
  RICH_ROOT,
} from '../../domain/rich-text-schema.ts';
import { emptyDoc } from '../../domain/shared-types.ts';
import { richDocument } from './rich-text-arbitrary.ts';

/** The editor's schema. No release of its Highlight goes with the others; the mark has no attributes. */
const editor = getSchema([
  StarterKit.configure({ heading: { levels: [1, 2, 3, 4] }, undoRedo: false }),
  TableKit,
  TaskList,
  TaskItem.configure({ nested: true }),
  Image,
  Mention,
  Mark.create({ name: 'highlight' }),
]);

/** A content expression of ProseMirror. */
function expressionOf({ content }: NodeSpec): string {
  if (content === null) return '';
  const many = content.min === 1 ? '+' : '*';
  const { of, first } = content;
  const names = typeof of === 'string' ? of : of.length === 1 ? of.join('') : `(${of.join(' | ')})`;
  return `${first === undefined ? '' : `${first} `}${names}${many}`;
}

describe('the schema of rich text', () => {
  test('has the nodes of the editor, their contents and their attributes', () => {
    const theirs = Object.keys(editor.nodes).filter((name) => name !== 'doc' && name !== 'text');
    expect(Object.keys(RICH_NODES).toSorted()).toEqual(theirs.toSorted());
    for (const [name, spec] of [...Object.entries(RICH_NODES), ['doc', RICH_ROOT] as const]) {
      const type = editor.nodes[name];
      expect([name, type?.spec.content ?? '']).toEqual([name, expressionOf(spec)]);
      expect([name, Object.keys(type?.spec.attrs ?? {}).toSorted()]).toEqual([
        name,
        Object.keys(spec.attributes).toSorted(),
      ]);
      expect([name, type?.spec.marks !== '']).toEqual([name, spec.marks]);
      expect([name, type?.spec.group?.split(' ')[0] ?? null]).toEqual([name, name === 'doc' ? null : spec.group]);
    }
  });

  test('has the marks of the editor in its order, and the defaults of its attributes', () => {
    expect(Object.keys(RICH_MARKS)).toEqual(Object.keys(editor.marks));
    for (const [name, spec] of [...Object.entries(RICH_MARKS), ...Object.entries(RICH_NODES)]) {
      const theirs = editor.marks[name]?.spec.attrs ?? editor.nodes[name]?.spec.attrs ?? {};
      for (const [attribute, { default: ours }] of Object.entries(spec.attributes)) {
        // Undefined is what has to be written; the editor has null for it.
        expect([name, attribute, theirs[attribute]?.default]).toEqual([name, attribute, ours ?? null]);
      }
    }
    expect(HEADING_LEVEL_MAX).toBe(4);
  });

  test('shows what an editor has written as the editor itself does', () => {
    fc.assert(
      fc.property(richDocument, (json) => {
        const node = editor.nodeFromJSON(json);
        node.check();
        const doc = emptyDoc(RICH_TEXT);
        prosemirrorToYXmlFragment(node, doc.getXmlFragment('default'));
        expect(checkContent(doc, RICH_TEXT)).toBeNull();
        expect(richTextOf(doc.getXmlFragment('default'))).toEqual(plain(node));
      }),
      runs(75),
    );
  });

  test('writes nodes that an editor reads back as they were given', () => {
    fc.assert(
      fc.property(richDocument, (json) => {
        const { content = [] } = json;
        for (const node of content) expect(nodeProblem(node, RICH_ROOT)).toBeNull();
        const doc = emptyDoc(RICH_TEXT);
        const fragment = doc.getXmlFragment('default');
        fragment.insert(0, [...sharedNodesOf(content)]);
        expect(checkContent(doc, RICH_TEXT)).toBeNull();
        expect(plain(yXmlFragmentToProseMirrorRootNode(fragment, editor))).toEqual(plain(editor.nodeFromJSON(json)));
      }),
      runs(75),
    );
  });

  test('leaves out a node that concurrent deletions have left without what it must hold', () => {
    const doc = emptyDoc(RICH_TEXT);
    const fragment = doc.getXmlFragment('default');
    fragment.insert(0, [new Y.XmlElement('bulletList'), new Y.XmlElement('paragraph')]);
    expect(checkContent(doc, RICH_TEXT)).toBeNull();
    expect(richTextOf(fragment)).toEqual({ type: 'doc', content: [{ type: 'paragraph' }] });
  });
});

const plain = (node: ProseMirrorNode): unknown => JSON.parse(JSON.stringify(node.toJSON()));

describe('addresses', () => {
  test.each(['https://a.example/b', 'http://a.example', 'mailto:a@b.example', '/documents/1', '#part', '//a.example'])(
    'of links may be %s',
    (href) => expect(isAllowedHref(href)).toBe(true),
  );
  test.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/1',
    'ftp://a.example',
    'http://[',
    `https://a.example/${'x'.repeat(5_000)}`,
  ])('of links may not be %j', (href) => expect(isAllowedHref(href)).toBe(false));

  test.each([
    ['https://a.example/b.png', true],
    ['/api/v1/files/0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234', true],
    ['http://a.example/b.png', false],
    ['data:image/svg+xml,<svg onload=alert(1)>', false],
    ['/api/v1/documents', false],
    ['//a.example/b.png', false],
  ])('of images: %s is %s', (src, allowed) => expect(isAllowedSrc(src)).toBe(allowed));
});
