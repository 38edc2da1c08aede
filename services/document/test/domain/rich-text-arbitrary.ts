import fc from 'fast-check';
import type { RichMark, RichNode } from '../../domain/rich-text.ts';

type Marks = readonly RichMark[];

/** What a document may be made of. */
interface Matter {
  readonly words: fc.Arbitrary<string>;
  readonly marks: fc.Arbitrary<Marks>;
  readonly code: fc.Arbitrary<string>;
  readonly language: fc.Arbitrary<string | null>;
  readonly image: fc.Arbitrary<RichNode>;
  readonly start: fc.Arbitrary<number>;
  /** Blocks of a cell and cells of a row, at most. */
  readonly cellBlocksMax: number;
  readonly columnsMin: number;
}

const linkTo = (href: string, title: string | null): RichMark => ({
  type: 'link',
  attrs: { href, target: '_blank', rel: 'noopener noreferrer nofollow', class: null, title },
});
const imageOf = (src: string, alt: string | null, title: string | null): RichNode => ({
  type: 'image',
  attrs: { src, alt, title, width: null, height: null },
});

const usual: Matter = {
  words: fc.constantFrom('paint', 'blue door', 'Straße', '日本', '😀 ok', 'a & b < c', 'x'),
  marks: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Marks>([]) },
    fc.constantFrom<Marks>(
      [{ type: 'bold' }],
      [{ type: 'italic' }],
      [{ type: 'bold' }, { type: 'italic' }],
      [{ type: 'strike' }, { type: 'underline' }],
      [{ type: 'highlight' }],
      [{ type: 'code' }],
      [linkTo('https://a.example/b', null), { type: 'bold' }],
    ),
  ),
  code: fc.constantFrom('', 'let a = 1;\nlet b;'),
  language: fc.constantFrom(null, 'ts'),
  image: fc.constant(imageOf('https://a.example/door.png', 'Door', null)),
  start: fc.constant(1),
  cellBlocksMax: 1,
  columnsMin: 2,
};

/** What looks like Markdown, or touches what does. */
const signs = fc.constantFrom(
  ...'a 1 é 😀 日 \u00a0 * ** _ ~ ~~ ` `` \\ [ ] ( ) ! < > # - + = | : . 1. 2) - & &amp; <b> </p> <!-- <br> [x] [^1] [a]: ://'.split(
    ' ',
  ),
  ' ',
  '  ',
  '\t',
  'https://a.example/b_c',
  'www.a.example',
  'me@a.example',
  '    four',
  '-|-',
);
const MARK_NAMES = ['bold', 'code', 'italic', 'strike', 'underline', 'highlight'];
const address = fc.constantFrom(
  'https://a.example/b',
  'https://a.example/(b)',
  'https://a.example/b c',
  '/x_y*z',
  '#a',
  'mailto:me@a.example',
  'https://a.example/<b>?q=[1]&amp;c=\\d',
);
const note = fc.oneof(
  fc.constant(null),
  fc.array(signs, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
);
const tricky: Matter = {
  words: fc.array(signs, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
  marks: fc.oneof(
    fc.constant<Marks>([]),
    fc
      .tuple(fc.option(fc.tuple(address, note), { freq: 4 }), fc.subarray(MARK_NAMES, { maxLength: 3 }))
      .map(([link, names]) => [...(link === null ? [] : [linkTo(...link)]), ...names.map((type) => ({ type }))]),
  ),
  code: fc
    .array(fc.oneof(signs, fc.constantFrom('\n', '```', '~~~', '\n\n')), { maxLength: 6 })
    .map((parts) => parts.join('')),
  language: fc.constantFrom(null, 'ts', 'c++', 'a b', '`', '~', '&amp;'),
  image: fc.tuple(note, note).map(([alt, title]) => imageOf('https://a.example/door.png', alt, title)),
  start: fc.constantFrom(1, 0, 7, 99, 1_000_000),
  cellBlocksMax: 2,
  columnsMin: 1,
};

const lone = fc.constantFrom<RichNode>(
  { type: 'hardBreak' },
  { type: 'mention', attrs: { id: 'u1', label: 'Ada', mentionSuggestionChar: '@' } },
);
const cellAttrs = { colspan: 1, rowspan: 1, colwidth: null, align: null };
const marksText = (node: RichNode): string => `${node.type}${JSON.stringify(node.marks ?? [])}`;

const holding = (type: string, content: readonly RichNode[], attrs?: object): RichNode => ({
  type,
  ...(attrs === undefined ? {} : { attrs: attrs as Readonly<Record<string, unknown>> }),
  ...(content.length === 0 ? {} : { content: joined(content) }),
});

/** Neighbouring texts with the same marks are one, as ProseMirror joins them. */
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

function inlineOf({ words, marks }: Matter): fc.Arbitrary<readonly RichNode[]> {
  const run = fc
    .tuple(words, marks)
    .map(([text, given]): RichNode => ({ type: 'text', ...(given.length === 0 ? {} : { marks: given }), text }));
  return fc.array(fc.oneof({ weight: 4, arbitrary: run }, lone), { maxLength: 5 });
}

/** A block of rich text, with blocks in it up to a few levels. */
function blockOf(matter: Matter): fc.Arbitrary<RichNode> {
  const { code, language, image, start, cellBlocksMax, columnsMin } = matter;
  const inline = inlineOf(matter);
  const paragraph = inline.map((content) => holding('paragraph', content));
  const leaves: fc.Arbitrary<RichNode>[] = [
    paragraph,
    fc.tuple(inline, fc.integer({ min: 1, max: 4 })).map(([content, level]) => holding('heading', content, { level })),
    fc
      .tuple(code, language)
      .map(([text, name]) => holding('codeBlock', text === '' ? [] : [{ type: 'text', text }], { language: name })),
    fc.constant<RichNode>({ type: 'horizontalRule' }),
    image,
  ];
  const itemsOf = (item: fc.Arbitrary<readonly RichNode[]>) => fc.array(item, { minLength: 1, maxLength: 3 });
  const { block } = fc.letrec<{ block: RichNode; item: readonly RichNode[] }>((tie) => ({
    item: fc.tuple(paragraph, fc.array(tie('block'), { maxLength: 1 })).map(([first, rest]) => [first, ...rest]),
    block: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      ...leaves,
      itemsOf(tie('item')).map((items) =>
        holding(
          'bulletList',
          items.map((content) => holding('listItem', content)),
        ),
      ),
      fc.tuple(itemsOf(tie('item')), start).map(([items, first]) =>
        holding(
          'orderedList',
          items.map((content) => holding('listItem', content)),
          { start: first, type: null },
        ),
      ),
      fc.array(fc.tuple(tie('item'), fc.boolean()), { minLength: 1, maxLength: 3 }).map((items) =>
        holding(
          'taskList',
          items.map(([content, checked]) => holding('taskItem', content, { checked })),
        ),
      ),
      fc.array(tie('block'), { minLength: 1, maxLength: 2 }).map((content) => holding('blockquote', content)),
      tableOf(cellBlocksMax === 1 ? paragraph : tie('block'), cellBlocksMax, columnsMin),
    ),
  }));
  return block;
}

function tableOf(block: fc.Arbitrary<RichNode>, cellBlocksMax: number, columnsMin: number): fc.Arbitrary<RichNode> {
  const cell = fc.array(block, { minLength: 1, maxLength: cellBlocksMax });
  const row = fc.array(cell, { minLength: columnsMin, maxLength: 2 });
  return fc.array(row, { minLength: 1, maxLength: 3 }).map((rows) =>
    holding(
      'table',
      rows.map((cells, at) =>
        holding(
          'tableRow',
          cells.map((content) => holding(at === 0 ? 'tableHeader' : 'tableCell', content, cellAttrs)),
        ),
      ),
    ),
  );
}

const documentOf = (matter: Matter): fc.Arbitrary<RichNode> =>
  fc.array(blockOf(matter), { minLength: 1, maxLength: 5 }).map((content) => ({ type: 'doc', content }));

/** A document of rich text as an editor gives it: whole, with its defaults. */
export const richDocument: fc.Arbitrary<RichNode> = documentOf(usual);

/** One whose texts look like Markdown and HTML, with marks in every combination. */
export const trickyDocument: fc.Arbitrary<RichNode> = documentOf(tricky);
