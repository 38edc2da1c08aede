import { Badge, type Column, Table } from '@candlefish/ui';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TimeAgo } from '../time-ago.tsx';
import { kindOf } from './content-types.tsx';
import type { ListedDocument } from './queries.ts';

/** What the table takes. */
export interface DocumentTableProps {
  readonly rows: readonly ListedDocument[];
  readonly isLoading: boolean;
  readonly onMore: (() => void) | undefined;
  readonly isLoadingMore: boolean;
  /** What can be done with a row. */
  readonly actions: (row: ListedDocument) => ReactNode;
}

const keyOf = ({ id }: ListedDocument) => id;

const COLUMNS: readonly Column<ListedDocument>[] = [
  {
    id: 'title',
    label: 'Title',
    cell: ({ id, title, contentType, updatedAt, branchOf, visibility, snippet }) => (
      <span className="document-title">
        <span className="document-icon">{kindOf(contentType).icon}</span>
        <span className="document-name">
          <Link className="row-link" to="/documents/$id" params={{ id }} title={title}>
            {title}
          </Link>
          {branchOf !== null && <Badge tone="accent">Branch</Badge>}
          {visibility === 'private' && <Badge>Private</Badge>}
          {snippet !== null && <Snippet parts={snippet} />}
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
    kind: 'extra',
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

/** Where the words stand that were searched for. */
const Snippet = ({ parts }: { readonly parts: NonNullable<ListedDocument['snippet']> }) => {
  let offset = 0;
  return (
    <span className="document-snippet">
      {parts.map(({ text, isMatch }) => {
        offset += text.length;
        return isMatch ? <mark key={offset}>{text}</mark> : <span key={offset}>{text}</span>;
      })}
    </span>
  );
};

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
