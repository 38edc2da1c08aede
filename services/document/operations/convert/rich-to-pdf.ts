import { fileURLToPath } from 'node:url';
import PdfDocument from 'pdfkit';
import { plainTextOf, type RichNode } from '../../domain/rich-text.ts';

/** DejaVu has the letters of most European languages, Greek and Cyrillic; free to embed. */
const font = (name: string): string => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

const MARGIN_PT = 56;
const BODY_PT = 11;
const HEADING_PT = [22, 17, 14, 12] as const;
const INDENT_PT = 18;
/** Lists and quotes deeper than this are not indented further: the page ends somewhere. */
const INDENTED_MAX = 8;

/** How runs of a text look. */
interface Run {
  readonly text: string;
  readonly face: 'body' | 'bold' | 'italic' | 'code';
  readonly link: string | null;
  readonly isUnderlined: boolean;
  readonly isStruck: boolean;
}

/** Rich text as pages of A4. Images are named by their description: nothing is fetched for a page. */
export function richToPdf(doc: RichNode, title: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pdf = new PdfDocument({ size: 'A4', margin: MARGIN_PT, info: { Title: title }, lang: 'und' });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
    for (const [face, name] of Object.entries(FACES)) pdf.registerFont(face, font(name));
    pdf.font('bold').fontSize(HEADING_PT[0]).text(title);
    pdf.moveDown();
    const pages = new Pages(pdf);
    for (const node of doc.content ?? []) pages.block(node, 0, '');
    pdf.end();
  });
}

const FACES = {
  body: 'DejaVuSans',
  bold: 'DejaVuSans-Bold',
  italic: 'DejaVuSans-Oblique',
  code: 'DejaVuSansMono',
} as const;

class Pages {
  readonly #pdf: PDFKit.PDFDocument;

  constructor(pdf: PDFKit.PDFDocument) {
    this.#pdf = pdf;
  }

  block(node: RichNode, depth: number, marker: string): void {
    const content = node.content ?? [];
    switch (node.type) {
      case 'heading': {
        const level = Math.min(Math.max(Number(node.attrs?.['level']) || 1, 1), HEADING_PT.length);
        this.#line(content, depth, { sizePt: HEADING_PT[level - 1] ?? BODY_PT, face: 'bold', marker });
        break;
      }
      case 'paragraph':
        this.#line(content, depth, { sizePt: BODY_PT, face: 'body', marker });
        break;
      case 'codeBlock':
        this.#text(plainTextOf(node), depth, 'code');
        break;
      case 'horizontalRule':
        this.#rule();
        break;
      case 'image':
        this.#text(`[${String(node.attrs?.['alt'] ?? '') || String(node.attrs?.['src'] ?? '')}]`, depth, 'italic');
        break;
      case 'tableRow':
        this.#text(content.map((cell) => plainTextOf(cell).replaceAll('\n', ' ')).join('  |  '), depth, 'body');
        break;
      default:
        this.#container(node, depth);
    }
  }

  #container(node: RichNode, depth: number): void {
    for (const [index, child] of (node.content ?? []).entries()) {
      const marker = markerOf(node, child, index);
      if (marker === null) this.block(child, node.type === 'blockquote' ? depth + 1 : depth, '');
      else
        for (const [at, part] of (child.content ?? []).entries()) this.block(part, depth + 1, at === 0 ? marker : '');
    }
  }

  #line(
    content: readonly RichNode[],
    depth: number,
    { sizePt, face, marker }: { readonly sizePt: number; readonly face: Run['face']; readonly marker: string },
  ): void {
    const runs = content.map((node) => runOf(node, face));
    const marked: readonly Run[] = marker === '' ? runs : [{ ...PLAIN, text: marker }, ...runs];
    this.#pdf.fontSize(sizePt);
    if (marked.length === 0) this.#pdf.font('body').text(' ', this.#at(depth));
    for (const [index, { text, face: own, link, isUnderlined, isStruck }] of marked.entries()) {
      this.#pdf.font(own).text(text, {
        ...this.#at(depth),
        continued: index < marked.length - 1,
        link,
        underline: isUnderlined,
        strike: isStruck,
      });
    }
    this.#pdf.moveDown(0.4);
  }

  #text(text: string, depth: number, face: Run['face']): void {
    this.#pdf
      .fontSize(BODY_PT)
      .font(face)
      .text(text === '' ? ' ' : text, this.#at(depth))
      .moveDown(0.4);
  }

  #rule(): void {
    const { page, y } = this.#pdf;
    this.#pdf
      .moveTo(MARGIN_PT, y)
      .lineTo(page.width - MARGIN_PT, y)
      .lineWidth(0.5)
      .stroke();
    this.#pdf.moveDown(0.6);
  }

  #at(depth: number): PDFKit.Mixins.TextOptions {
    return { indent: 0, paragraphGap: 0, ...this.#indent(depth) };
  }

  #indent(depth: number): PDFKit.Mixins.TextOptions {
    const indentPt = Math.min(depth, INDENTED_MAX) * INDENT_PT;
    this.#pdf.x = MARGIN_PT + indentPt;
    return { width: this.#pdf.page.width - 2 * MARGIN_PT - indentPt };
  }
}

const PLAIN: Run = { text: '', face: 'body', link: null, isUnderlined: false, isStruck: false };

/** What stands before an item; null for what is no item of a list. */
function markerOf(list: RichNode, item: RichNode, index: number): string | null {
  if (item.type === 'taskItem') return item.attrs?.['checked'] === true ? '☑ ' : '☐ ';
  if (item.type !== 'listItem') return null;
  return list.type === 'orderedList' ? `${(Number(list.attrs?.['start']) || 1) + index}. ` : '• ';
}

function runOf(node: RichNode, face: Run['face']): Run {
  const marks = new Map((node.marks ?? []).map((mark) => [mark.type, mark]));
  const own = marks.has('code') ? 'code' : marks.has('bold') ? 'bold' : marks.has('italic') ? 'italic' : face;
  const href = marks.get('link')?.attrs?.['href'];
  return {
    text: node.type === 'hardBreak' ? '\n' : node.type === 'text' ? (node.text ?? '') : plainTextOf(node),
    face: own,
    link: typeof href === 'string' ? href : null,
    isUnderlined: marks.has('underline') || typeof href === 'string',
    isStruck: marks.has('strike'),
  };
}
