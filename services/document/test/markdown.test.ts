import { describe, expect, it } from 'vitest';
import { RICH_TEXT } from '../domain/content-types.ts';
import type { RichNode } from '../domain/rich-text.ts';
import { NODES_DEEP_MAX } from '../domain/rich-text-schema.ts';
import { htmlToRich } from '../operations/convert/html-to-rich.ts';
import { markdownToRich } from '../operations/convert/markdown-to-rich.ts';
import { readContent } from '../operations/convert/read-content.ts';
import { richToMarkdown } from '../operations/convert/rich-to-markdown.ts';

const doc = (...content: readonly RichNode[]): RichNode => ({ type: 'doc', content });
const text = (value: string, ...marks: readonly string[]): RichNode => ({
  type: 'text',
  ...(marks.length === 0 ? {} : { marks: marks.map((type) => ({ type })) }),
  text: value,
});
const p = (...content: readonly RichNode[]): RichNode =>
  content.length === 0 ? { type: 'paragraph' } : { type: 'paragraph', content };
const item = (...content: readonly RichNode[]): RichNode => ({ type: 'listItem', content });
const bullets = (...content: readonly RichNode[]): RichNode => ({ type: 'bulletList', content });
const numbers = (start: number, ...content: readonly RichNode[]): RichNode => ({
  type: 'orderedList',
  attrs: { start, type: null },
  content,
});
const quote = (...content: readonly RichNode[]): RichNode => ({ type: 'blockquote', content });
const rule: RichNode = { type: 'horizontalRule' };
const lineBreak: RichNode = { type: 'hardBreak' };
const cell = (attrs: object, ...content: readonly RichNode[]): RichNode => ({
  type: 'tableCell',
  attrs: { colspan: 1, rowspan: 1, colwidth: null, align: null, ...attrs },
  content,
});
const row = (...content: readonly RichNode[]): RichNode => ({ type: 'tableRow', content });

describe('rich text in Markdown', () => {
  // Each read by hand against CommonMark 0.31 and GitHub's specification.
  it.each<readonly [string, RichNode, string]>([
    [
      'a list within a quote within an item',
      doc(bullets(item(p(text('paint')), quote(numbers(1, item(p())))))),
      '- paint\n\n  > 1.\n',
    ],
    [
      'a list that does not begin with one',
      doc(bullets(item(p(text('a')), numbers(7, item(p(text('b')))))), p()),
      '- a\n\n  7. b\n',
    ],
    ['a list with words', doc(bullets(item(p(text('a')), bullets(item(p(text('b'))))))), '- a\n  - b\n'],
    ['lists side by side', doc(bullets(item(p(text('a')))), bullets(item(p(text('b'))))), '- a\n\n* b\n'],
    ['a rule in an item', doc(bullets(item(p(), rule))), '- ___\n'],
    ['a break at the end', doc(p(text('a'), lineBreak)), 'a<br>\n'],
    ['nothing but a break', doc(p(lineBreak)), '<br>\n'],
    [
      'a break in a heading',
      doc({ type: 'heading', attrs: { level: 1 }, content: [text('a'), lineBreak, text('b')] }),
      '# a<br>b\n',
    ],
    ['blanks at the ends of marks', doc(p(text('a', 'bold'), text(' b ', 'italic'), text('c'))), '**a** *b* c\n'],
    ['blanks at the ends of lines', doc(p(text('  a '), lineBreak, text(' b '))), 'a\\\nb\n'],
    ['code that lost its underline', doc(p(text('a', 'code'), text('b', 'code', 'underline'))), '`ab`\n'],
    [
      'what looks like an address',
      doc(p(text('https://a.example me@a.example'))),
      'https\\://a.example me\\@a.example\n',
    ],
    ['what looks like HTML', doc(p(text('<b>x</b>'))), '\\<b>x\\</b>\n'],
    [
      'a fence in code',
      doc({ type: 'codeBlock', attrs: { language: null }, content: [text('```')] }),
      '````\n```\n````\n',
    ],
    [
      'cells with lines, and over two columns',
      doc({
        type: 'table',
        content: [
          row(cell({ colspan: 2 }, p(text('a')), p(text('b')))),
          row(cell({}, p(text('c|d'))), cell({}, p(text('e')))),
        ],
      }),
      '| a<br>b |   |\n| ------ | - |\n| c\\|d   | e |\n',
    ],
  ])('writes %s', (_name, given, markdown) => {
    expect(richToMarkdown(given)).toBe(markdown);
    expect(richToMarkdown(markdownToRich(markdown))).toBe(markdown);
  });

  it('does not fill up columns to the width of a long cell', () => {
    const rows = Array.from({ length: 100 }, (_, at) => row(cell({}, p(text(at === 0 ? 'x'.repeat(50_000) : 'x')))));
    expect(richToMarkdown(doc({ type: 'table', content: rows })).length).toBeLessThan(52_000);
  });
});

describe('what nests deeply', () => {
  const lists = (levels: number): string =>
    Array.from({ length: levels }, (_, level) => `${'  '.repeat(level)}- x${level}`).join('\n');
  const boxes = (levels: number): string =>
    `${'<div>'.repeat(levels)}<p>deep <b>down</b></p>${'</div>'.repeat(levels)}`;

  it('keeps as many lists as rich text can hold', () => {
    const levels = (NODES_DEEP_MAX - 4) / 2;
    const rich = markdownToRich(lists(levels));
    expect(richToMarkdown(rich).trim()).toBe(lists(levels));
    expect(readContent({ contentType: RICH_TEXT, format: 'markdown', content: lists(levels) })).not.toBeNull();
  });

  it('is read as text beyond that', () => {
    const read = readContent({ contentType: RICH_TEXT, format: 'markdown', content: lists(NODES_DEEP_MAX) });
    expect(read?.projection.text).toContain(`x${NODES_DEEP_MAX - 1}`);
  });

  it('does not count boxes of HTML, which rich text has not', () => {
    expect(htmlToRich(boxes(100))).toEqual(doc(p(text('deep '), text('down', 'bold'))));
    expect(htmlToRich(boxes(1_000))).toEqual(doc(p(text('deep down'))));
  });
});
