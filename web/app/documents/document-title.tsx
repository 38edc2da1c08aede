import { useToast } from '@candlefish/ui';
import { useState } from 'react';
import { explain } from '../explain.ts';
import { useDocumentChanges } from './queries.ts';

/** What the title takes. */
export interface DocumentTitleProps {
  readonly id: string;
  readonly title: string;
  readonly mayEdit: boolean;
}

const TITLE_CHARS_MAX = 255;

/** The title of a document, written over in place. */
export function DocumentTitle({ id, title, mayEdit }: DocumentTitleProps) {
  const { rename } = useDocumentChanges();
  const toast = useToast();
  const [draft, setDraft] = useState<string | null>(null);
  if (!mayEdit) return <h1 className="document-heading">{title}</h1>;
  const commit = (): void => {
    const next = draft?.trim() ?? '';
    if (next === '' || next === title) setDraft(null);
    else {
      rename.mutate(
        { id, title: next },
        { onError: (error) => toast(explain(error)), onSettled: () => setDraft(null) },
      );
    }
  };
  return (
    <>
      <h1 className="visually-hidden">{title}</h1>
      <input
        className="document-heading document-heading-input"
        aria-label="Title"
        maxLength={TITLE_CHARS_MAX}
        value={draft ?? title}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </>
  );
}
