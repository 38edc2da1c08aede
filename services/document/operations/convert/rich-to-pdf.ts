import { fileURLToPath } from 'node:url';
import PdfDocument from 'pdfkit';
import { plainTextOf, type RichNode } from '../../domain/rich-text.ts';
import { isAllowedHref } from '../../domain/rich-text-schema.ts';
import { breakable } from './breakable.ts';
import { drawTable } from './pdf-table.ts';

/** DejaVu has the letters of most European languages, Greek and Cyrillic; free to embed. */
const font = (name: string): string => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

const MARGIN_PT = 56;
const BODY_PT = 11;
const CODE_PT = 9;
const FOOT_PT = 8;
const HEADING_PT = [20, 16, 13.5, 12] as const;
const TITLE_PT = 24;
const INDENT_PT = 20;
/** Lists and quotes deeper than this are not indented further: the page ends somewhere. */
const INDENTED_MAX = 10;
const TEXT = '#000000';
const LINK = '#0b5394';
const QUIET = '#777777';

/** How runs of a text look. */
interface Run {
  readonly text: string;
  readonly face: Face;
  readonly link: string | null;
  readonly isUnderlined: boolean;
  readonly isStruck: boolean;
}

const FACES = {
  body: 'DejaVuSans',
  bold: 'DejaVuSans-Bold',
  italic: 'DejaVuSans-Oblique',
  boldItalic: 'DejaVuSans-BoldOblique',
  code: 'DejaVuSansMono',
  boldCode: 'DejaVuSansMono-Bold',
} as const;
type Face = keyof typeof FACES;

/**
 * Rich text as pages of A4. Images are named by their description: nothing is fetched for a page.
 * @param at The date of the file, so that the same content is the same file.
 */
export function richToPdf(doc: RichNode, title: string, at: Date): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pdf = new PdfDocument({
      size: 'A4',
      margin: MARGIN_PT,
      bufferPages: true,
      displayTitle: true,
      info: { Title: title, CreationDate: at },
      lang: 'und',
    });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
    for (const [face, name] of Object.entries(FACES)) pdf.registerFont(face, font(name));
    pdf.font('bold').fontSize(TITLE_PT).text(title).moveDown(0.6);
    const pages = new Pages(pdf);
    for (const node of doc.content ?? []) pages.block(node, 0);
    pages.number();
    pdf.end();
  });
}

class Pages {
  readonly #pdf: PDFKit.PDFDocument;

  constructor(pdf: PDFKit.PDFDocument) {
    this.#pdf = pdf;
  }

  block(node: RichNode, depth: number): void {
    const content = node.content ?? [];
    switch (node.type) {
      case 'heading':
        this.#heading(node, depth);
        break;
      case 'paragraph':
        this.#line(content, depth, BODY_PT, 'body');
        break;
      case 'codeBlock':
        this.#barred(depth, 0.75, () => this.#text(breakable(plainTextOf(node)), depth + 1, 'code'));
        break;
      case 'horizontalRule':
        this.#rule(depth);
        break;
      case 'image':
        this.#text(`[${String(node.attrs?.['alt'] ?? '') || String(node.attrs?.['src'] ?? '')}]`, depth, 'italic');
        break;
      case 'table':
        drawTable(this.#pdf, content, this.#frame(depth));
        this.#pdf.moveDown(0.8);
        break;
      case 'blockquote':
        this.#barred(depth, 2, () => this.#blocks(content, depth + 1));
        break;
      default:
        for (const [index, item] of content.entries()) this.#item(item, depth, markerOf(node, item, index));
    }
  }

  /** Writes at the foot of each page which one it is. */
  number(): void {
    const { count } = this.#pdf.bufferedPageRange();
    if (count === 1) return;
    for (let index = 0; index < count; index += 1) {
      this.#pdf.switchToPage(index);
      const { page } = this.#pdf;
      // Below the margin a page would be added.
      page.margins.bottom = 0;
      this.#pdf
        .font('body')
        .fontSize(FOOT_PT)
        .fillColor(QUIET)
        .text(`${index + 1} / ${count}`, MARGIN_PT, page.height - MARGIN_PT * 0.6, {
          width: page.width - 2 * MARGIN_PT,
          align: 'center',
          lineBreak: false,
        });
    }
  }

  #blocks(nodes: readonly RichNode[], depth: number): void {
    for (const node of nodes) this.block(node, depth);
  }

  #heading(node: RichNode, depth: number): void {
    const level = Math.min(Math.max(Number(node.attrs?.['level']) || 1, 1), HEADING_PT.length);
    const sizePt = HEADING_PT[level - 1] ?? BODY_PT;
    // It stands by what it is about, never last on a page.
    this.#room(sizePt * 2 + BODY_PT * 3);
    if (this.#pdf.y > MARGIN_PT) this.#pdf.y += sizePt * 0.4;
    this.#line(node.content ?? [], depth, sizePt, 'bold');
  }

  #item({ content = [] }: RichNode, depth: number, marker: string): void {
    this.#room(BODY_PT * 1.5);
    const { y } = this.#pdf;
    this.#pdf.font('body').fontSize(BODY_PT).fillColor(TEXT);
    const leftPt = this.#frame(depth + 1).leftPt - this.#pdf.widthOfString(marker) - 5;
    this.#pdf.text(marker, leftPt, y, { lineBreak: false });
    this.#pdf.y = y;
    this.#blocks(content, depth + 1);
  }

  /** Draws something with a bar at its left, on as many pages as it takes. */
  #barred(depth: number, widthPt: number, draw: () => void): void {
    this.#room(BODY_PT * 1.5);
    const from = { page: this.#pdf.bufferedPageRange().count - 1, y: this.#pdf.y };
    draw();
    const to = { page: this.#pdf.bufferedPageRange().count - 1, y: this.#pdf.y - BODY_PT * 0.4 };
    const x = this.#frame(depth).leftPt + INDENT_PT / 3;
    for (let page = from.page; page <= to.page; page += 1) {
      this.#pdf.switchToPage(page);
      const top = page === from.page ? from.y : MARGIN_PT;
      const bottom = page === to.page ? to.y : this.#pdf.page.height - MARGIN_PT;
      if (bottom > top) this.#pdf.moveTo(x, top).lineTo(x, bottom).lineWidth(widthPt).stroke('#aaaaaa');
    }
  }

  #line(content: readonly RichNode[], depth: number, sizePt: number, face: 'body' | 'bold'): void {
    for (const line of linesOf(content)) {
      this.#runs(
        line.map((node) => runOf(node, face)).filter(({ text }) => text !== ''),
        depth,
        sizePt,
      );
    }
    this.#pdf.fontSize(BODY_PT).moveDown(0.45);
  }

  #runs(runs: readonly Run[], depth: number, sizePt: number): void {
    const { leftPt, widthPt } = this.#frame(depth);
    this.#pdf.fontSize(sizePt);
    this.#pdf.x = leftPt;
    if (runs.length === 0) this.#pdf.font('body').text(' ', { width: widthPt });
    for (const [index, { text, face, link, isUnderlined, isStruck }] of runs.entries()) {
      this.#pdf
        .font(face)
        .fillColor(link === null ? TEXT : LINK)
        .text(text, {
          width: widthPt,
          continued: index < runs.length - 1,
          link,
          underline: isUnderlined,
          strike: isStruck,
        });
    }
  }

  #text(text: string, depth: number, face: Face): void {
    const { leftPt, widthPt } = this.#frame(depth);
    this.#pdf
      .font(face)
      .fontSize(face === 'code' ? CODE_PT : BODY_PT)
      .fillColor(TEXT)
      .text(text === '' ? ' ' : text, leftPt, this.#pdf.y, { width: widthPt })
      .fontSize(BODY_PT)
      .moveDown(0.45);
  }

  #rule(depth: number): void {
    const { leftPt, widthPt } = this.#frame(depth);
    this.#room(BODY_PT * 2);
    const y = this.#pdf.y + BODY_PT * 0.6;
    this.#pdf
      .moveTo(leftPt, y)
      .lineTo(leftPt + widthPt, y)
      .lineWidth(0.5)
      .stroke('#999999');
    this.#pdf.y = y + BODY_PT;
  }

  /** Begins a page when so much does not fit on this one. */
  #room(heightPt: number): void {
    if (this.#pdf.y + heightPt > this.#pdf.page.height - MARGIN_PT) this.#pdf.addPage();
  }

  #frame(depth: number): { readonly leftPt: number; readonly widthPt: number } {
    const indentPt = Math.min(depth, INDENTED_MAX) * INDENT_PT;
    return { leftPt: MARGIN_PT + indentPt, widthPt: this.#pdf.page.width - 2 * MARGIN_PT - indentPt };
  }
}

/** Lines between breaks. */
function linesOf(nodes: readonly RichNode[]): readonly (readonly RichNode[])[] {
  const lines: RichNode[][] = [[]];
  for (const node of nodes) {
    if (node.type === 'hardBreak') lines.push([]);
    else lines.at(-1)?.push(node);
  }
  return lines;
}

/** What stands before an item of a list. */
function markerOf(list: RichNode, item: RichNode, index: number): string {
  if (item.type === 'taskItem') return item.attrs?.['checked'] === true ? '☑' : '☐';
  return list.type === 'orderedList' ? `${Number(list.attrs?.['start'] ?? 1) + index}.` : '•';
}

/** A page by itself has no site that an address could be relative to. */
function linkOf(href: unknown): string | null {
  if (typeof href !== 'string' || !isAllowedHref(href)) return null;
  return URL.canParse(href) ? href : null;
}

function runOf(node: RichNode, face: 'body' | 'bold'): Run {
  const marks = new Map((node.marks ?? []).map((mark) => [mark.type, mark]));
  const isBold = face === 'bold' || marks.has('bold');
  const own: Face = marks.has('code')
    ? isBold
      ? 'boldCode'
      : 'code'
    : marks.has('italic')
      ? isBold
        ? 'boldItalic'
        : 'italic'
      : isBold
        ? 'bold'
        : 'body';
  const link = linkOf(marks.get('link')?.attrs?.['href']);
  return {
    text: breakable(plainTextOf(node)),
    face: own,
    link,
    isUnderlined: marks.has('underline') || link !== null,
    isStruck: marks.has('strike'),
  };
}
