import { plainTextOf, type RichNode } from '../../domain/rich-text.ts';
import { breakable } from './breakable.ts';
import { gridOf, linesIn } from './table-grid.ts';

const CELL_PT = 9.5;
const PAD_PT = 4;
/** Narrower columns hold no words: such a table is shown as lines of text. */
const COLUMN_MIN_PT = 28;
/** Characters by which the width of a column is reckoned. */
const MEASURED_CHARS_MAX = 80;

/** Where on a page a table stands. */
interface Frame {
  readonly leftPt: number;
  readonly widthPt: number;
}

interface Cell {
  readonly text: string;
  readonly face: 'body' | 'bold';
  readonly align: 'left' | 'right' | 'center';
  readonly columns: number;
}

type Row = readonly (Cell | null)[];

/** Draws a table from the present height on; its head is repeated on each page. Rows are not cut unless they fill a page. */
export function drawTable(pdf: PDFKit.PDFDocument, rows: readonly RichNode[], frame: Frame): void {
  const grid = gridOf(rows).map((row) => row.map(cellOf));
  const columns = Math.max(0, ...grid.map((row) => row.length));
  if (columns === 0) return;
  if (frame.widthPt / columns < COLUMN_MIN_PT) {
    for (const row of grid) drawAsText(pdf, row, frame);
    return;
  }
  const widths = widthsOf(pdf, grid, columns, frame.widthPt);
  const [head] = grid;
  const isHead = head?.every((cell) => cell === null || cell.face === 'bold') === true;
  const pagePt = pdf.page.height - pdf.page.margins.top - pdf.page.margins.bottom;
  for (const row of grid) {
    const height = heightOf(pdf, row, widths);
    if (height > pagePt * 0.6) {
      drawAsText(pdf, row, frame);
      continue;
    }
    if (pdf.y + height > pdf.page.height - pdf.page.margins.bottom) {
      pdf.addPage();
      if (isHead && head !== row && heightOf(pdf, head, widths) < pagePt / 4) drawRow(pdf, head, widths, frame.leftPt);
    }
    drawRow(pdf, row, widths, frame.leftPt);
  }
}

function cellOf(cell: RichNode | null): Cell | null {
  if (cell === null) return null;
  const text = linesIn(cell)
    .map((line) => breakable(line.map(plainTextOf).join('')))
    .join('\n');
  const align = cell.attrs?.['align'];
  return {
    text,
    face: cell.type === 'tableHeader' ? 'bold' : 'body',
    align: align === 'right' || align === 'center' ? align : 'left',
    columns: Math.max(1, Number(cell.attrs?.['colspan']) || 1),
  };
}

/** Widths of the columns: what their words take, or shares of the page in proportion to that. */
function widthsOf(pdf: PDFKit.PDFDocument, grid: readonly Row[], columns: number, widthPt: number): readonly number[] {
  const wanted = Array.from({ length: columns }, () => COLUMN_MIN_PT);
  pdf.fontSize(CELL_PT);
  for (const row of grid) {
    for (const [column, cell] of row.entries()) {
      if (cell === null || cell.columns > 1) continue;
      pdf.font(cell.face);
      // A pt more than measured, so that rounding breaks no line.
      const widest = Math.max(
        ...cell.text.split('\n', 20).map((line) => pdf.widthOfString(line.slice(0, MEASURED_CHARS_MAX))),
      );
      wanted[column] = Math.max(wanted[column] ?? 0, widest + 2 * PAD_PT + 1);
    }
  }
  const sum = wanted.reduce((total, width) => total + width, 0);
  if (sum <= widthPt) return wanted;
  // Each has half of an equal share, and what is left goes by what they want.
  const least = widthPt / columns / 2;
  return wanted.map((width) => least + (width / sum) * (widthPt - least * columns));
}

const spanPt = (widths: readonly number[], column: number, columns: number): number =>
  widths.slice(column, column + columns).reduce((total, width) => total + width, 0);

function heightOf(pdf: PDFKit.PDFDocument, row: Row, widths: readonly number[]): number {
  const heights = row.map((cell, column) => {
    if (cell === null) return 0;
    const width = spanPt(widths, column, cell.columns) - 2 * PAD_PT;
    return pdf.font(cell.face).fontSize(CELL_PT).heightOfString(cell.text, { width });
  });
  return Math.max(CELL_PT * 1.2, ...heights) + 2 * PAD_PT;
}

function drawRow(pdf: PDFKit.PDFDocument, row: Row, widths: readonly number[], leftPt: number): void {
  const top = pdf.y;
  const height = heightOf(pdf, row, widths);
  for (const [column, cell] of row.entries()) {
    const left = leftPt + spanPt(widths, 0, column);
    if (cell === null) continue;
    const width = spanPt(widths, column, cell.columns);
    pdf.lineWidth(0.5).rect(left, top, width, height);
    if (cell.face === 'bold') pdf.fillAndStroke('#f0f0f0', '#999999');
    else pdf.stroke('#999999');
    pdf.fillColor('#000000').font(cell.face).fontSize(CELL_PT);
    pdf.text(cell.text, left + PAD_PT, top + PAD_PT, { width: width - 2 * PAD_PT, align: cell.align });
  }
  pdf.x = leftPt;
  pdf.y = top + height;
}

/** Cells one behind the other: for what is wider or higher than a page. */
function drawAsText(pdf: PDFKit.PDFDocument, row: Row, { leftPt, widthPt }: Frame): void {
  const text = row.map((cell) => cell?.text ?? '').join('  |  ');
  pdf.fillColor('#000000').font('body').fontSize(CELL_PT).text(text, leftPt, pdf.y, { width: widthPt }).moveDown(0.3);
}
