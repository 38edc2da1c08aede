import { Avatar, Badge } from '@candlefish/ui';
import { Link } from '@tanstack/react-router';
import { PagedList } from '../documents/paged-list.tsx';
import { SidePanel } from '../documents/side-panel.tsx';
import { shortName } from '../people.ts';
import { TimeAgo } from '../time-ago.tsx';
import { CreateBranch } from './create-branch.tsx';
import { useBranches } from './queries.ts';

/** What the panel takes. */
export interface BranchesPanelProps {
  readonly documentId: string;
  readonly title: string;
}

const EMPTY = {
  title: 'No branches',
  text: 'A branch is a copy to try things in. What is written there comes back when somebody merges it.',
} as const;

/** Branches of a document, and the way to a new one. */
export function BranchesPanel({ documentId, title }: BranchesPanelProps) {
  const branches = useBranches(documentId);
  const rows = branches.data?.pages.flatMap(({ document }) => document?.branchesConnection.edges ?? []) ?? [];
  return (
    <SidePanel title="Branches">
      <CreateBranch documentId={documentId} title={title} />
      <PagedList
        query={branches}
        label="Branches"
        empty={EMPTY}
        entries={rows.map(({ node: { id, title: name, createdAt, mergedAt, document } }) => (
          <li key={id} className="entry">
            <Link className="entry-main" to="/documents/$id" params={{ id }}>
              {document.createdBy !== null && <Avatar id={document.createdBy.id} name={document.createdBy.email} />}
              <span className="entry-text">
                <span className="entry-title">{name}</span>
                <span className="entry-note">
                  <TimeAgo iso={createdAt} />
                  {document.createdBy !== null && ` · ${shortName(document.createdBy.email)}`}
                </span>
                {mergedAt !== null && (
                  <Badge tone="good">
                    Merged <TimeAgo iso={mergedAt} />
                  </Badge>
                )}
              </span>
            </Link>
          </li>
        ))}
      />
    </SidePanel>
  );
}
