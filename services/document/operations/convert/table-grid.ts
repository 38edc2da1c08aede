import { plainTextOf, type RichNode } from '../../domain/rich-text.ts';
import { textRun } from './rich-blocks.ts';

/** Columns of a table whose spans are laid out; in wider ones cells stand one behind the other. */
const COLUMNS_MAX = 100;

/** The cells of a table by row and column; null for a place that another cell spans. */
export function gridOf(rows: readonly RichNode[]): readonly (readonly (RichNode | null)[])[] {
  const isNarrow = rows.every(
    (row) => cellsOf(row).reduce((sum, cell) => sum + spanOf(cell, 'colspan'), 0) <= COLUMNS_MAX,
  );
  if (!isNarrow) return rows.map(cellsOf);
  /** How many rows below are taken, by column. */
  let taken: number[] = [];
  return rows.map((row) => {
    const cells: (RichNode | null)[] = [];
    const next = taken.map((count) => Math.max(0, count - 1));
    const skip = (): void => {
      while ((taken[cells.length] ?? 0) > 0) cells.push(null);
    };
    for (const cell of cellsOf(row)) {
      skip();
      const columns = spanOf(cell, 'colspan');
      for (let column = 0; column < columns; column += 1) {
        next[cells.length] = Math.max(next[cells.length] ?? 0, spanOf(cell, 'rowspan') - 1);
        cells.push(column === 0 ? cell : null);
      }
    }
    skip();
    taken = Array.from(next, (count) => count ?? 0);
    return cells;
  });
}

const cellsOf = (row: RichNode): readonly RichNode[] => row.content ?? [];

const spanOf = (cell: RichNode, name: 'colspan' | 'rowspan'): number => Math.max(1, Number(cell.attrs?.[name]) || 1);

/** What is in a cell as lines, for forms whose cells hold nothing else. */
export function linesIn(node: RichNode | null): readonly (readonly RichNode[])[] {
  switch (node?.type) {
    case undefined:
      return [];
    case 'paragraph':
    case 'heading':
      return node?.content === undefined ? [] : [node.content];
    case 'image':
      return [[node]];
    case 'codeBlock':
      return plainTextOf(node)
        .split('\n')
        .map((line) => textRun(line, [{ type: 'code' }]))
        .filter((line) => line.length > 0);
    default:
      return (node?.content ?? []).flatMap(linesIn);
  }
}
