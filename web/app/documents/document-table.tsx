import { type Column, Table } from '@candlefish/ui';
import type { DocumentRowFragment } from '@candlefish/web-graphql/operations/documents';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TimeAgo } from '../time-ago.tsx';
import { kindOf } from './content-types.tsx';

/** What the table takes. */
export interface DocumentTableProps {
  readonly rows: readonly DocumentRowFragment[];
  readonly isLoading: boolean;
  readonly onMore: (() => void) | undefined;
  readonly isLoadingMore: boolean;
  /** What can be done with a row. */
  readonly actions: (row: DocumentRowFragment) => ReactNode;
}

const keyOf = ({ id }: DocumentRowFragment) => id;

const COLUMNS: readonly Column<DocumentRowFragment>[] = [
  {
    id: 'title',
    label: 'Title',
    cell: ({ id, title, contentType, updatedAt }) => (
      <span className="document-title">
        <span className="document-icon">{kindOf(contentType).icon}</span>
        <span className="document-name">
          <Link className="row-link" to="/documents/$id" params={{ id }} title={title}>
            {title}
          </Link>
          <span className="document-note">
            {kindOf(contentType).name} · <TimeAgo iso={updatedAt} />
          </span>
        </span>
      </span>
    ),
  },
  { id: 'kind', label: 'Kind', width: '8.5rem', kind: 'minor', cell: ({ contentType }) => kindOf(contentType).name },
  {
    id: 'author',
    label: 'Created by',
    width: '24%',
    kind: 'minor',
    cell: ({ createdBy }) => createdBy?.email ?? <span className="faint">–</span>,
  },
  {
    id: 'updated',
    label: 'Changed',
    width: '8.5rem',
    kind: 'minor',
    cell: ({ updatedAt }) => <TimeAgo iso={updatedAt} />,
  },
];

/** Documents as rows; a row leads to its document. */
export const DocumentTable = ({ actions, ...props }: DocumentTableProps) => (
  <Table
    label="Documents"
    keyOf={keyOf}
    {...props}
    columns={[
      ...COLUMNS,
      {
        id: 'actions',
        label: 'Actions',
        kind: 'end',
        cell: (row) => <span className="row-actions">{actions(row)}</span>,
      },
    ]}
  />
);
