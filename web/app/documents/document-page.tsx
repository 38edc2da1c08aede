import { Badge, Button, buttonClass, EmptyState } from '@candlefish/ui';
import { hasCode } from '@candlefish/web-graphql';
import { type DocumentQuery, documentQuery } from '@candlefish/web-graphql/operations/documents';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { BranchNotice } from '../branches/branch-notice.tsx';
import { BranchesPanel } from '../branches/branches-panel.tsx';
import { CommentsPanel } from '../comments/comments-panel.tsx';
import { useCommentChanges, useHighlights } from '../comments/queries.ts';
import { type SelectedRange, selectedRange } from '../comments/selected-range.ts';
import { explain } from '../explain.ts';
import { HistoryPanel } from '../history/history-panel.tsx';
import { LostChanges } from '../lost/lost-changes.tsx';
import { usePageTitle } from '../page-title.ts';
import { useServices, useSessionState } from '../services.ts';
import { DocumentTitle } from './document-title.tsx';
import { DocumentTools } from './document-tools.tsx';
import { GoneDocument } from './gone-document.tsx';
import { LiveNotice } from './live-notice.tsx';
import { LiveSheet } from './live-sheet.tsx';
import { PresentPeople } from './present-people.tsx';
import { DOCUMENTS_KEY } from './queries.ts';
import { SaveState } from './save-state.tsx';
import { SheetSkeleton } from './sheet-skeleton.tsx';
import { useLiveDocument } from './use-live-document.ts';
import './document.css';

/** One document, live. */
export function DocumentPage() {
  const { id } = useParams({ from: '/console/documents/$id' });
  const { client } = useServices();
  const userId = useUserId();
  const { data, error, refetch } = useQuery({
    queryKey: [DOCUMENTS_KEY, 'one', id],
    queryFn: ({ signal }) => client.run(documentQuery, { id }, signal),
  });
  const document = data?.document;
  usePageTitle(document?.title ?? 'Document');
  if (document === null || hasCode(error, 'VALIDATION_FAILED')) return <GoneDocument documentId={id} owner={userId} />;
  // A document that is open stays open when it cannot be read anew: what is written in it is kept here.
  if (error !== null && document === undefined) {
    return (
      <div className="page">
        <EmptyState icon={<TriangleAlert />} tone="danger" title="The document cannot be opened" text={explain(error)}>
          <Button onClick={() => void refetch()}>Try again</Button>
        </EmptyState>
      </div>
    );
  }
  // A new document is a new page: nothing of the one before stays.
  return document === undefined ? <SheetSkeleton /> : <OpenDocument key={id} document={document} />;
}

interface OpenDocumentProps {
  readonly document: NonNullable<DocumentQuery['document']>;
}

function OpenDocument({ document: { id, title, contentType, access, branchOf } }: OpenDocumentProps) {
  const userId = useUserId();
  const view = useLiveDocument({ documentId: id, owner: userId, shareToken: null });
  const { panel } = useSearch({ from: '/console/documents/$id' });
  const level = view?.state.access ?? access;
  const [range, setRange] = useState<SelectedRange | null>(null);
  const keepSelection = (): void => setRange(selectedRange(view?.live.awareness.getLocalState()?.['cursor']));
  useCommentChanges(id);
  const highlights = useHighlights(id);
  const mayEdit = level === 'edit' || level === 'manage';
  return (
    <div className="document">
      <header className="document-bar">
        <Link
          className={`${buttonClass('quiet', true)} button-icon`}
          to="/documents"
          aria-label="Back to the documents"
        >
          <ArrowLeft aria-hidden />
        </Link>
        <DocumentTitle id={id} title={title} mayEdit={mayEdit} />
        {view !== null && <SaveState state={view.state} />}
        {!mayEdit && <Badge tone="flame">{level === 'comment' ? 'Can comment' : 'View only'}</Badge>}
        <span className="document-bar-end">
          {view !== null && <PresentPeople awareness={view.live.awareness} />}
          <DocumentTools documentId={id} panel={panel} mayManage={level === 'manage'} onComment={keepSelection} />
        </span>
      </header>
      {view !== null && <LiveNotice view={view} />}
      {view !== null && (
        <LostChanges losses={view.losses} title={title} contentType={contentType} doc={view.live.doc} />
      )}
      {branchOf !== null && (
        <BranchNotice branchId={id} title={title} branchOf={branchOf} mayManage={level === 'manage'} />
      )}
      <div className={panel === undefined ? 'document-body' : 'document-body document-body-split'}>
        <div className="document-main">
          <LiveSheet
            documentId={id}
            view={view}
            contentType={contentType}
            mayEdit={mayEdit}
            highlights={highlights}
            label={title}
          />
        </div>
        {panel === 'comments' && (
          <CommentsPanel
            documentId={id}
            userId={userId}
            mayComment={level !== 'view'}
            mayManage={level === 'manage'}
            range={range}
            onRangeDone={() => setRange(null)}
          />
        )}
        {panel === 'history' && (
          <HistoryPanel
            documentId={id}
            contentType={contentType}
            mayEdit={mayEdit}
            mayManage={level === 'manage'}
            doc={view?.live.doc}
          />
        )}
        {panel === 'branches' && <BranchesPanel documentId={id} title={title} />}
      </div>
    </div>
  );
}

function useUserId(): string {
  const session = useSessionState();
  return session.kind === 'signed-in' ? session.who.userId : '';
}
