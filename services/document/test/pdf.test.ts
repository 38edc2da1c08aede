import { describe, expect, it } from 'vitest';
import { markdownToRich } from '../operations/convert/markdown-to-rich.ts';
import { linkMark, paragraph, textRun } from '../operations/convert/rich-blocks.ts';
import { richToPdf } from '../operations/convert/rich-to-pdf.ts';

const AT = new Date('2026-01-02T03:04:05Z');

const pdfOf = async (markdown: string): Promise<string> =>
  Buffer.from(await richToPdf(markdownToRich(markdown), 'Plan', AT)).toString('latin1');
/** The objects of pages, which are not compressed. */
const pagesIn = (pdf: string): number => pdf.match(/\/Type \/Page\b/g)?.length ?? 0;

const rows = (count: number, cell = 'nothing'): string =>
  `| room | note |\n|---|---|\n${`| hall | ${cell} |\n`.repeat(count)}`;
const wide = (columns: number): string => ['c', '-', 'x'].map((sign) => `|${`${sign}|`.repeat(columns)}`).join('\n');

describe('a page of PDF', () => {
  it('is the same file for the same content', async () => {
    const markdown = '# Plan\n\n- [x] paint\n\n> quote\n';
    expect(await pdfOf(markdown)).toBe(await pdfOf(markdown));
  });

  it.each([
    ['nothing', '', 1],
    ['a table over pages', rows(80), 3],
    ['a quote over pages', `> ${'word '.repeat(2_500)}`, 3],
    ['more columns than fit', wide(60), 1],
    ['a cell higher than a page', rows(1, 'word '.repeat(3_000)), 3],
    ['lists within lists', Array.from({ length: 30 }, (_, at) => `${'  '.repeat(at)}- x`).join('\n'), 1],
    ['a word without end', 'x'.repeat(20_000), 6],
  ])('shows %s', async (_name, markdown, pages) => {
    expect(pagesIn(await pdfOf(markdown))).toBe(pages);
  });

  it('leads where its links lead, and nowhere else', async () => {
    const link = (href: string) => paragraph(textRun('door', [linkMark(href, null)]));
    const content = ['https://a.example/door', 'javascript:alert(1)', 'data:text/html,x', '/here'].map(link);
    const pdf = Buffer.from(await richToPdf({ type: 'doc', content }, 'x', AT)).toString('latin1');
    expect(pdf.match(/\/URI \(.*?\)/g)).toEqual(['/URI (https://a.example/door)']);
  });
});
