import { Button } from '@candlefish/ui';
import { FileWarning } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type * as Y from 'yjs';
import { fullTime } from '../time.ts';
import type { Loss } from './loss.ts';
import { lossReason } from './loss-words.ts';

// Reading a document takes parts that most people never need.
const LossDialog = lazy(() => import('./loss-dialog.tsx').then((module) => ({ default: module.LossDialog })));

/** What the notices take. */
export interface LostChangesProps {
  readonly losses: readonly Loss[];
  readonly title: string;
  /** Null when it is not known. */
  readonly contentType: string | null;
  /** The document as it is; null when it is gone. */
  readonly doc: Y.Doc | null;
}

/** Tells an author of changes that could not be saved, until they say that they have no more use for them. */
export function LostChanges({ losses, ...props }: LostChangesProps) {
  const [opened, setOpened] = useState<Loss | null>(null);
  return (
    <>
      {losses.map((loss) => (
        <section
          key={loss.at.getTime()}
          className="document-notice"
          role="alert"
          aria-label="Changes that were not saved"
        >
          <FileWarning aria-hidden size={16} />
          <p>
            Changes that you made until {fullTime(loss.at.toISOString())} are not in the document:{' '}
            {lossReason(loss.code)}. They are kept for you.
          </p>
          <span className="notice-actions">
            <Button small onClick={() => setOpened(loss)}>
              Look at them
            </Button>
          </span>
        </section>
      ))}
      {opened !== null && (
        <Suspense>
          <LossDialog loss={opened} onClose={() => setOpened(null)} {...props} />
        </Suspense>
      )}
    </>
  );
}
