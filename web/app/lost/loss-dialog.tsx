import { Button, ConfirmDialog, Dialog, useToast } from '@candlefish/ui';
import { Copy, Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type * as Y from 'yjs';
import { ContentChanges } from '../changes/content-changes.tsx';
import { explain } from '../explain.ts';
import type { Loss } from './loss.ts';
import { lossFileName, lossReason } from './loss-words.ts';
import { readLoss } from './read-loss.ts';

/** What the dialog takes. */
export interface LossDialogProps {
  readonly loss: Loss;
  readonly title: string;
  readonly contentType: string | null;
  readonly doc: Y.Doc | null;
  readonly onClose: () => void;
}

/** Changes that could not be saved: to be read, copied, downloaded and dismissed. */
export function LossDialog({ loss, title, contentType, doc, onClose }: LossDialogProps) {
  const [isAsking, setAsking] = useState(false);
  const toast = useToast();
  const read = useMemo(() => readLoss(loss, doc, contentType), [loss, doc, contentType]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(read.text);
    toast('The text is copied.');
  };
  return (
    <Dialog
      wide
      isOpen
      onClose={onClose}
      title="What was not saved"
      text={`Not saved because ${lossReason(loss.code)}.`}
    >
      <div className="form">
        {read.changes === null ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard has to reach.
          <section className="lost-text" aria-label="What you wrote" tabIndex={0}>
            {read.text}
          </section>
        ) : (
          <ContentChanges
            changes={read.changes}
            label="What you wrote, beside the document as it is"
            nothing="All of it is in the document by now."
          />
        )}
        <div className="form-actions">
          <Button look="quiet" onClick={() => setAsking(true)}>
            Discard them
          </Button>
          <Button onClick={() => download(lossFileName(title, read.contentType, loss.at), read.text)}>
            <Download aria-hidden />
            Download
          </Button>
          <Button
            look="primary"
            onClick={() => void copy().catch(() => toast('The browser does not allow it. Download the text instead.'))}
          >
            <Copy aria-hidden />
            Copy the text
          </Button>
        </div>
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Discard what was not saved?"
        text="Nobody else has it. It cannot be brought back."
        action="Discard"
        explain={explain}
        onConfirm={async () => {
          await loss.discard();
          onClose();
        }}
      />
    </Dialog>
  );
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
