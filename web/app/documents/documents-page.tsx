import {
  Button,
  ConfirmDialog,
  EmptyState,
  IconButton,
  Menu,
  MenuItem,
  PageHeader,
  SearchBox,
  Select,
  useToast,
} from '@candlefish/ui';
import type { DocumentRowFragment } from '@candlefish/web-graphql/operations/documents';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ellipsis, FileText, Pencil, Plus, SearchX, Trash2, TriangleAlert } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import { explain } from '../explain.ts';
import { usePageTitle } from '../page-title.ts';
import { DOCUMENT_KINDS } from './content-types.tsx';
import { CreateDocumentDialog } from './create-document-dialog.tsx';
import { DocumentTable } from './document-table.tsx';
import { type DocumentSearch, useDocumentChanges, useDocuments } from './queries.ts';
import { RenameDocumentDialog } from './rename-document-dialog.tsx';

const EVERY_KIND = { value: 'all', label: 'Every kind' } as const;
const KIND_CHOICES = [
  EVERY_KIND,
  ...DOCUMENT_KINDS.map(({ contentType, name }) => ({ value: contentType, label: name })),
];

/** Every document of the company, with search. */
export function DocumentsPage() {
  usePageTitle('Documents');
  const search = useSearch({ from: '/console/documents' });
  const navigate = useNavigate({ from: '/documents' });
  const [isCreating, setCreating] = useState(false);
  const narrow = useCallback(
    (change: DocumentSearch) =>
      void navigate({ search: (before: DocumentSearch) => ({ ...before, ...change }), replace: true }),
    [navigate],
  );
  const searchTitle = useCallback((text: string) => narrow({ q: text.trim() || undefined }), [narrow]);
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      New document
    </Button>
  );
  return (
    <div className="page">
      <PageHeader title="Documents" summary="What people and agents of the company write together.">
        {create}
      </PageHeader>
      <div className="toolbar">
        <SearchBox label="Search titles and texts" value={search.q ?? ''} onSearch={searchTitle} />
        <Select
          label="Kind"
          choices={KIND_CHOICES}
          value={search.type ?? EVERY_KIND.value}
          onChange={(type) => narrow({ type: type === EVERY_KIND.value ? undefined : type })}
        />
      </div>
      <DocumentList search={search} onWiden={() => narrow({ q: undefined, type: undefined })} create={create} />
      <CreateDocumentDialog isOpen={isCreating} onClose={() => setCreating(false)} />
    </div>
  );
}

interface DocumentListProps {
  readonly search: DocumentSearch;
  readonly onWiden: () => void;
  readonly create: ReactNode;
}

function DocumentList({ search, onWiden, create }: DocumentListProps) {
  const documents = useDocuments(search);
  const { remove } = useDocumentChanges();
  const toast = useToast();
  const [renamed, setRenamed] = useState<DocumentRowFragment | null>(null);
  const [deleted, setDeleted] = useState<DocumentRowFragment | null>(null);
  // Rows that are there stay when they cannot be read anew.
  if (documents.isLoadingError) {
    return (
      <EmptyState
        icon={<TriangleAlert />}
        tone="danger"
        title="The documents cannot be shown"
        text={explain(documents.error)}
      >
        <Button onClick={() => void documents.refetch()}>Try again</Button>
      </EmptyState>
    );
  }
  const rows = documents.data?.pages.flatMap((page) => page.documentsConnection.edges.map(({ node }) => node)) ?? [];
  if (documents.isSuccess && rows.length === 0) {
    const isNarrowed = search.q !== undefined || search.type !== undefined;
    return isNarrowed ? (
      <EmptyState icon={<SearchX />} title="Nothing matches" text="No document of this kind holds such words.">
        <Button onClick={onWiden}>Show every document</Button>
      </EmptyState>
    ) : (
      <EmptyState
        icon={<FileText />}
        title="No documents yet"
        text="Write the first one. Others of your company see it at once and can write along."
      >
        {create}
      </EmptyState>
    );
  }
  return (
    <>
      <DocumentTable
        rows={rows}
        isLoading={documents.isPending}
        onMore={documents.hasNextPage ? () => void documents.fetchNextPage() : undefined}
        isLoadingMore={documents.isFetchingNextPage}
        actions={(row) => (
          <Menu trigger={<IconButton label={`Actions for ${row.title}`} small icon={<Ellipsis aria-hidden />} />}>
            <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setRenamed(row)}>
              Rename
            </MenuItem>
            <MenuItem icon={<Trash2 aria-hidden />} danger onSelect={() => setDeleted(row)}>
              Delete
            </MenuItem>
          </Menu>
        )}
      />
      <RenameDocumentDialog document={renamed} onClose={() => setRenamed(null)} />
      <ConfirmDialog
        isOpen={deleted !== null}
        onClose={() => setDeleted(null)}
        title={`Delete “${deleted?.title ?? ''}”?`}
        text="The document goes with all its versions, for everybody. This cannot be undone."
        action="Delete"
        explain={explain}
        onConfirm={async () => {
          if (deleted === null) return;
          await remove.mutateAsync({ id: deleted.id });
          toast(`“${deleted.title}” is deleted.`);
        }}
      />
    </>
  );
}
