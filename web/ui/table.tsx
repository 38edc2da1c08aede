import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { Skeleton } from './skeleton.tsx';

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** Share of the width; columns without one share the rest. */
  readonly width?: string;
  /** `minor` columns are left out on phones, `extra` ones below 960 px; `end` holds actions at the end of the row. */
  readonly kind?: 'end' | 'extra' | 'minor';
  readonly cell: (row: Row) => ReactNode;
}

/** What a table takes. */
export interface TableProps<Row> {
  /** Read out before the table. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Whether the first page is on its way. */
  readonly isLoading?: boolean;
  /** Gets the next page; undefined when there is none. */
  readonly onMore?: (() => void) | undefined;
  readonly isLoadingMore?: boolean;
}

/** Rows shown in grey while the first page is on its way. */
const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

const kindClass = (kind: Column<never>['kind']) =>
  classNames(kind !== undefined && `table-${kind}`, kind === 'extra' && 'table-minor');

/** Rows of one kind of thing, paged by "Show more". */
export const Table = <Row,>({
  label,
  columns,
  rows,
  keyOf,
  isLoading = false,
  onMore,
  isLoadingMore = false,
}: TableProps<Row>) => (
  <div className="table-frame" aria-busy={isLoading || isLoadingMore}>
    <table className="table">
      <caption className="visually-hidden">{label}</caption>
      <thead>
        <tr>
          {columns.map(({ id, label: name, width, kind }) => (
            <th key={id} scope="col" className={classNames(kindClass(kind))} style={{ width }}>
              {kind === 'end' ? <span className="visually-hidden">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {isLoading
          ? SKELETON_ROWS.map((row) => (
              <tr key={row}>
                {columns.map(({ id, kind }) => (
                  <td key={id} className={classNames(kindClass(kind))}>
                    {kind !== 'end' && <Skeleton />}
                  </td>
                ))}
              </tr>
            ))
          : rows.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map(({ id, kind, cell }) => (
                  <td key={id} className={classNames(kindClass(kind))}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
      </tbody>
    </table>
    {onMore !== undefined && (
      <div className="table-more">
        <Button look="quiet" onClick={onMore} disabled={isLoadingMore}>
          {isLoadingMore ? 'Loading …' : 'Show more'}
        </Button>
      </div>
    )}
  </div>
);
