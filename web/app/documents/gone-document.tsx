import { useQuery } from '@tanstack/react-query';
import { LostChanges } from '../lost/lost-changes.tsx';
import { NotFoundPage } from '../pages/not-found.tsx';

/** What the page takes. */
export interface GoneDocumentProps {
  readonly documentId: string;
  /** Whose copy this device may hold. */
  readonly owner: string;
}

/** A document that is not there, or not for this person; with what they wrote in it and could not save. */
export function GoneDocument({ documentId, owner }: GoneDocumentProps) {
  const { data, refetch } = useQuery({
    queryKey: ['left-work', owner, documentId],
    async queryFn() {
      const { findLeftWork } = await import('../lost/left-work.ts');
      return findLeftWork(owner, documentId);
    },
    // A browser that denies its store has kept nothing.
    retry: false,
  });
  const losses = (data ?? []).map((loss) => ({
    ...loss,
    async discard() {
      await loss.discard();
      await refetch();
    },
  }));
  return (
    <>
      <LostChanges losses={losses} title="Document" contentType={null} doc={null} />
      <NotFoundPage />
    </>
  );
}
