import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RICH_TEXT } from '../domain/content-types.ts';
import type { RichNode } from '../domain/rich-text.ts';
import { htmlToRich } from '../operations/convert/html-to-rich.ts';
import { markdownPieces } from '../operations/convert/markdown-pieces.ts';
import { blocksIn, markdownToRich } from '../operations/convert/markdown-to-rich.ts';
import { readContent } from '../operations/convert/read-content.ts';
import { richToHtml } from '../operations/convert/rich-to-html.ts';
import { richToMarkdown } from '../operations/convert/rich-to-markdown.ts';
import { richDocument, trickyDocument } from './domain/rich-text-arbitrary.ts';
import { sayable } from './domain/sayable.ts';

/** A tree with each node changed from the leaves up; null takes one away. */
function mapped(node: RichNode, change: (node: RichNode) => RichNode | null): RichNode | null {
  const content = node.content?.flatMap((child) => mapped(child, change) ?? []);
  return change(content === undefined ? node : { ...node, content });
}

/** What a form cannot say is made equal before two contents are compared. */
const bare = (doc: RichNode, change: (node: RichNode) => RichNode | null): RichNode | null => mapped(doc, change);

/** Blanks at the ends of a line are no part of HTML, nor is a break before the end of a block. */
function shownInHtml(node: RichNode): RichNode | null {
  if (node.content?.length === 0) {
    const { content: _none, ...rest } = node;
    return rest;
  }
  return node;
}

describe('any rich text', () => {
  test('says the same after HTML and back', () => {
    fc.assert(
      fc.property(richDocument, (doc) => {
        const back = htmlToRich(richToHtml(doc, 'x'));
        expect(bare(back, shownInHtml)).toEqual(bare(doc, shownInHtml));
      }),
      runs(150),
    );
  });

  test('keeps its words in Markdown, which says the same from then on', () => {
    fc.assert(
      fc.property(richDocument, (doc) => {
        const markdown = richToMarkdown(doc);
        const read = markdownToRich(markdown);
        expect(wordsOf(read)).toBe(wordsOf(doc));
        // What Markdown cannot say is lost once.
        expect(richToMarkdown(markdownToRich(richToMarkdown(read)))).toBe(richToMarkdown(read));
      }),
      runs(150),
    );
  });

  test('comes back from Markdown as far as Markdown can say it, whatever its texts look like', () => {
    fc.assert(
      fc.property(trickyDocument, (doc) => {
        expect(sayable(markdownToRich(richToMarkdown(doc)))).toEqual(sayable(doc));
      }),
      runs(125),
    );
  });
});

/** Letters and digits in order; breaks, marks and blanks may be put otherwise. */
function wordsOf(node: RichNode): string {
  const own = node.type === 'mention' ? 'Ada' : (node.text ?? '').replaceAll(/[^\p{L}\p{N}]+/gu, '');
  return `${own}${(node.content ?? []).map(wordsOf).join('')}`;
}

describe('Markdown in pieces', () => {
  const usual = [
    '',
    '',
    '',
    'word',
    'A **bold** word',
    '# Plan',
    '## Next',
    '- item',
    '  more',
    '    deep',
    '1. first',
    '10) x',
    '> quote',
    '```',
    '~~~',
    '```` js',
    'a | b',
    '--|--',
    '---',
    '===',
    '***',
    '\tcode',
    'ends in spaces  ',
    '\\',
    '- [ ] do',
    '+ plus',
    '&amp; #',
    'https://a.example',
  ];
  const rare = [
    '<div>',
    '</div>',
    '<b>x</b>',
    '<!-- note',
    '-->',
    '[x]: /y',
    '[x]',
    '[^1]',
    '[^1]: note',
    '- ```',
    '  ```',
  ];
  const lines = fc.boolean().chain((isRare) =>
    fc.array(fc.oneof(fc.constant(''), fc.constantFrom(...usual, ...(isRare ? rare : []))), {
      minLength: 8,
      maxLength: 30,
    }),
  );

  test('says what it says as a whole', () => {
    let cut = 0;
    fc.assert(
      fc.property(lines, (given) => {
        const markdown = given.join('\n');
        const pieces = markdownPieces(markdown, 1);
        if (pieces.length > 1) cut += 1;
        expect(pieces.flatMap(blocksIn)).toEqual(blocksIn(markdown));
      }),
      runs(500),
    );
    expect(cut).toBeGreaterThan(60);
  });
});

describe('whatever is given to an import', () => {
  const pieces = fc
    .array(
      fc.constantFrom(
        '<p>',
        '</p>',
        '<b>',
        '</i>',
        '<ul><li>',
        '</ul>',
        '<table><tr><td>',
        '<th>',
        '</table>',
        '<script>',
        '<!--',
        '-->',
        '<img src="https://a.example/x.png">',
        '<a href="javascript:x">',
        '<pre><code class="language-js">',
        '&lt;',
        '&#0;',
        '# ',
        '- [x] ',
        '1. ',
        '> ',
        '\n',
        '\n\n',
        '```',
        '| a | b |\n|--|--|\n',
        '![x](https://a.example/y.png)',
        '[x]: y',
        '[^1]',
        '[^1]: note',
        '**',
        '_',
        '~~',
        '`',
        'word',
        '😀',
        '\t',
        '  ',
        '\\',
        '<br>',
        '<input type="checkbox" checked>',
        '<span data-type="mention" data-id="7" data-label="Ada">@Ada</span>',
        '<ol start="-4">',
        '<td colspan="99999">',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''));

  test.each(['html', 'markdown'] as const)('as %s becomes a content that a document may have', (format) => {
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 200 })), (given) => {
        const content = given.toWellFormed();
        const first = readContent({ contentType: RICH_TEXT, format, content });
        expect(first).not.toBeNull();
        // Nothing of it is left out when an editor would show it.
        expect(JSON.stringify(first?.projection.roots['default'])).toContain('"doc"');
      }),
      runs(150),
    );
  });
});
