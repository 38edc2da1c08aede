import { ConfirmDialog, IconButton, Menu, MenuItem, useToast } from '@candlefish/ui';
import type { VersionRowFragment } from '@candlefish/web-graphql/operations/versions';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { PagedList, type PagedQuery } from '../documents/paged-list.tsx';
import { explain } from '../explain.ts';
import { TimeAgo } from '../time-ago.tsx';
import { NameVersionDialog } from './name-version-dialog.tsx';
import type { Span } from './points.ts';
import { useHistoryWrites } from './queries.ts';
import { titleOf } from './version-title.ts';

/** What the list takes. */
export interface VersionListProps {
  readonly documentId: string;
  readonly versions: readonly VersionRowFragment[];
  readonly query: PagedQuery;
  readonly mayEdit: boolean;
  readonly mayManage: boolean;
  readonly onCompare: (span: Span) => void;
}

const EMPTY = {
  title: 'No versions yet',
  text: 'One is kept when writing pauses, and whenever you give it a name.',
} as const;

/** Kept states: looked at, named, deleted. */
export function VersionList({ documentId, versions, query, mayEdit, mayManage, onCompare }: VersionListProps) {
  const { remove } = useHistoryWrites(documentId);
  const toast = useToast();
  const [named, setNamed] = useState<VersionRowFragment | null>(null);
  const [deleted, setDeleted] = useState<VersionRowFragment | null>(null);
  return (
    <>
      <PagedList
        query={query}
        label="Versions"
        empty={EMPTY}
        entries={versions.map((version) => (
          <li key={version.id} className="entry">
            <button type="button" className="entry-main" onClick={() => onCompare({ from: version.id, to: 'present' })}>
              <span className="entry-text">
                <span className="entry-title">{titleOf(version)}</span>
                <span className="entry-note">
                  <TimeAgo iso={version.createdAt} /> · {version.actor.user?.email ?? 'by the platform'}
                </span>
              </span>
            </button>
            {mayEdit && (
              <Menu
                trigger={<IconButton label={`Actions for ${titleOf(version)}`} small icon={<Ellipsis aria-hidden />} />}
              >
                <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setNamed(version)}>
                  {version.name === null ? 'Give it a name' : 'Rename'}
                </MenuItem>
                {mayManage && (
                  <MenuItem icon={<Trash2 aria-hidden />} danger onSelect={() => setDeleted(version)}>
                    Delete
                  </MenuItem>
                )}
              </Menu>
            )}
          </li>
        ))}
      />
      <NameVersionDialog documentId={documentId} version={named} onClose={() => setNamed(null)} />
      <ConfirmDialog
        isOpen={deleted !== null}
        onClose={() => setDeleted(null)}
        title={`Delete “${deleted === null ? '' : titleOf(deleted)}”?`}
        text="Nobody can go back to this version any more. The document stays as it is."
        action="Delete"
        explain={explain}
        onConfirm={async () => {
          if (deleted === null) return;
          await remove.mutateAsync(deleted.id);
          toast('The version is deleted.');
        }}
      />
    </>
  );
}
