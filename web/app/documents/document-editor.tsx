import { EmptyState } from '@candlefish/ui';
import { FileQuestion } from 'lucide-react';
import { lazy } from 'react';
import type { EditorProps } from '../editors/editor-props.ts';

// Each editor comes when a document needs it: together they weigh more than the rest of the console.
const RichText = lazy(() =>
  import('../editors/rich-text-editor.tsx').then((module) => ({ default: module.RichTextEditor })),
);
const Text = lazy(() => import('../editors/text-editor.tsx').then((module) => ({ default: module.TextEditor })));
const Checklist = lazy(() =>
  import('../editors/checklist-editor.tsx').then((module) => ({ default: module.ChecklistEditor })),
);
const Data = lazy(() => import('../editors/data-editor.tsx').then((module) => ({ default: module.DataEditor })));

/** What the editor of a document takes. */
export interface DocumentEditorProps extends EditorProps {
  readonly contentType: string;
}

/** The editor for a content type. */
export function DocumentEditor({ contentType, ...props }: DocumentEditorProps) {
  switch (contentType) {
    case 'application/vnd.candlefish.richtext':
      return <RichText {...props} />;
    case 'text/markdown':
      return <Text {...props} isMarkdown />;
    case 'text/plain':
      return <Text {...props} isMarkdown={false} />;
    case 'application/vnd.candlefish.checklist':
      return <Checklist {...props} />;
    case 'application/json':
      return <Data {...props} />;
    default:
      return (
        <EmptyState
          icon={<FileQuestion />}
          title="This console cannot edit such documents yet"
          text={`Their content type is ${contentType}. Programs reach them by the API.`}
        />
      );
  }
}
