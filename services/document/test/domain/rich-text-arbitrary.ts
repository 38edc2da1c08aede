import fc from 'fast-check';
import type { RichMark, RichNode } from '../../domain/rich-text.ts';

const words = fc.constantFrom('paint', 'blue door', 'Straße', '日本', '😀 ok', 'a & b < c', 'x');
const nothing = fc.constant<readonly RichMark[]>([]);
const marks: fc.Arbitrary<readonly RichMark[]> = fc.oneof(
  { weight: 3, arbitrary: nothing },
  fc.constantFrom<readonly RichMark[]>(
    [{ type: 'bold' }],
    [{ type: 'italic' }],
    [{ type: 'bold' }, { type: 'italic' }],
    [{ type: 'strike' }, { type: 'underline' }],
    [{ type: 'highlight' }],
    [{ type: 'code' }],
    [
      {
        type: 'link',
        attrs: {
          href: 'https://a.example/b',
          target: '_blank',
          rel: 'noopener noreferrer nofollow',
          class: null,
          title: null,
        },
      },
      { type: 'bold' },
    ],
  ),
);
const run = fc.tuple(words, marks).map(
  ([text, given]): RichNode => ({
    type: 'text',
    ...(given.length === 0 ? {} : { marks: given }),
    text,
  }),
);
const lone = fc.constantFrom<RichNode>(
  { type: 'hardBreak' },
  { type: 'mention', attrs: { id: 'u1', label: 'Ada', mentionSuggestionChar: '@' } },
);

/** Inline nodes with no two alike texts side by side, as ProseMirror joins them. */
const inline = fc.array(fc.oneof({ weight: 4, arbitrary: run }, lone), { maxLength: 5 }).map((nodes) =>
  nodes.filter((node, index) => {
    const before = nodes[index - 1];
    return node.type !== 'text' || before === undefined || marksText(before) !== marksText(node);
  }),
);
const marksText = (node: RichNode): string => `${node.type}${JSON.stringify(node.marks ?? [])}`;

const holding = (type: string, content: readonly RichNode[], attrs?: object): RichNode => ({
  type,
  ...(attrs === undefined ? {} : { attrs: attrs as Readonly<Record<string, unknown>> }),
  ...(content.length === 0 ? {} : { content: joined(content) }),
});

/** After the filter two texts with the same marks may meet again; they become one. */
function joined(nodes: readonly RichNode[]): readonly RichNode[] {
  const result: RichNode[] = [];
  for (const node of nodes) {
    const before = result.at(-1);
    if (node.type === 'text' && before?.type === 'text' && marksText(before) === marksText(node)) {
      result[result.length - 1] = { ...before, text: `${before.text}${node.text}` };
    } else result.push(node);
  }
  return result;
}

const paragraph = inline.map((content) => holding('paragraph', content));
const cellAttrs = { colspan: 1, rowspan: 1, colwidth: null, align: null };
const leaves: fc.Arbitrary<RichNode>[] = [
  paragraph,
  fc.tuple(inline, fc.integer({ min: 1, max: 4 })).map(([content, level]) => holding('heading', content, { level })),
  fc
    .tuple(fc.constantFrom('', 'let a = 1;\nlet b;'), fc.constantFrom(null, 'ts'))
    .map(([text, language]) => holding('codeBlock', text === '' ? [] : [{ type: 'text', text }], { language })),
  fc.constant<RichNode>({ type: 'horizontalRule' }),
  fc.constant<RichNode>({
    type: 'image',
    attrs: { src: 'https://a.example/door.png', alt: 'Door', title: null, width: null, height: null },
  }),
];

/** A block of rich text, with blocks in it up to a few levels. */
const { block } = fc.letrec<{ block: RichNode; item: readonly RichNode[] }>((tie) => ({
  item: fc.tuple(paragraph, fc.array(tie('block'), { maxLength: 1 })).map(([first, rest]) => [first, ...rest]),
  block: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    ...leaves,
    fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) =>
      holding(
        'bulletList',
        items.map((content) => holding('listItem', content)),
      ),
    ),
    fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) =>
      holding(
        'orderedList',
        items.map((content) => holding('listItem', content)),
        { start: 1, type: null },
      ),
    ),
    fc.array(fc.tuple(tie('item'), fc.boolean()), { minLength: 1, maxLength: 3 }).map((items) =>
      holding(
        'taskList',
        items.map(([content, checked]) => holding('taskItem', content, { checked })),
      ),
    ),
    fc.array(tie('block'), { minLength: 1, maxLength: 2 }).map((content) => holding('blockquote', content)),
    fc.array(fc.tuple(paragraph, paragraph), { minLength: 1, maxLength: 3 }).map((rows) =>
      holding(
        'table',
        rows.map((cells, row) =>
          holding(
            'tableRow',
            cells.map((cell) => holding(row === 0 ? 'tableHeader' : 'tableCell', [cell], cellAttrs)),
          ),
        ),
      ),
    ),
  ),
}));

/** A document of rich text as an editor gives it: whole, with its defaults. */
export const richDocument: fc.Arbitrary<RichNode> = fc
  .array(block, { minLength: 1, maxLength: 5 })
  .map((content) => ({ type: 'doc', content }));
