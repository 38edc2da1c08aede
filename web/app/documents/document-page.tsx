import { Badge, buttonClass, EmptyState } from '@candlefish/ui';
import { hasCode } from '@candlefish/web-graphql';
import { type DocumentQuery, documentQuery } from '@candlefish/web-graphql/operations/documents';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { CommentsPanel } from '../comments/comments-panel.tsx';
import { useCommentChanges, useHighlights } from '../comments/queries.ts';
import { type SelectedRange, selectedRange } from '../comments/selected-range.ts';
import { explain } from '../explain.ts';
import { HistoryPanel } from '../history/history-panel.tsx';
import { usePageTitle } from '../page-title.ts';
import { NotFoundPage } from '../pages/not-found.tsx';
import { useServices, useSessionState } from '../services.ts';
import { DocumentTitle } from './document-title.tsx';
import { DocumentTools } from './document-tools.tsx';
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
  const { data, error } = useQuery({
    queryKey: [DOCUMENTS_KEY, 'one', id],
    queryFn: ({ signal }) => client.run(documentQuery, { id }, signal),
  });
  const document = data?.document;
  usePageTitle(document?.title ?? 'Document');
  if (document === null || hasCode(error, 'VALIDATION_FAILED')) return <NotFoundPage />;
  if (error !== null) {
    return (
      <div className="page">
        <EmptyState
          icon={<TriangleAlert />}
          tone="danger"
          title="The document cannot be opened"
          text={explain(error)}
        />
      </div>
    );
  }
  // A new document is a new page: nothing of the one before stays.
  return document === undefined ? <SheetSkeleton /> : <OpenDocument key={id} document={document} />;
}

interface OpenDocumentProps {
  readonly document: NonNullable<DocumentQuery['document']>;
}

function OpenDocument({ document: { id, title, contentType, access } }: OpenDocumentProps) {
  const session = useSessionState();
  const userId = session.kind === 'signed-in' ? session.who.userId : '';
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
      <div className={panel === undefined ? 'document-body' : 'document-body document-body-split'}>
        <div className="document-main">
          <LiveSheet view={view} contentType={contentType} mayEdit={mayEdit} highlights={highlights} label={title} />
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
        {panel === 'history' && <HistoryPanel documentId={id} mayEdit={mayEdit} />}
      </div>
    </div>
  );
}
