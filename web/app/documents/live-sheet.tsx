import { Suspense } from 'react';
import { DocumentEditor, type DocumentEditorProps } from './document-editor.tsx';
import { SheetSkeleton } from './sheet-skeleton.tsx';
import type { LiveView } from './use-live-document.ts';

/** What the sheet takes. */
export interface LiveSheetProps extends Omit<DocumentEditorProps, 'live'> {
  /** Null until what this device holds is there. Until the content is, there is nothing to write in. */
  readonly view: LiveView | null;
}

/** The content of a live document in its editor. */
export const LiveSheet = ({ view, mayEdit, ...props }: LiveSheetProps) =>
  view?.isKnown !== true ? (
    <SheetSkeleton />
  ) : (
    <Suspense fallback={<SheetSkeleton />}>
      <DocumentEditor
        key={view.live.doc.guid}
        live={view.live}
        mayEdit={mayEdit && view.state.status !== 'closed' && view.state.status !== 'refused'}
        {...props}
      />
    </Suspense>
  );
