import { Button } from '@candlefish/ui';
import type { LiveView } from './use-live-document.ts';

/** Close codes of the socket protocol that end a document for somebody, and how they read. */
const ENDINGS: Readonly<Record<number, string>> = {
  4400: 'The platform does not understand this page. Reload it.',
  4403: 'You may not see this document any more.',
  4404: 'This document has been deleted.',
};

/** Says what keeps edits from being stored, where something does. */
export function LiveNotice({ view: { state, reload } }: { readonly view: LiveView }) {
  if (state.status === 'closed') {
    const text = ENDINGS[state.ending?.code ?? 0] ?? 'This document is closed. Reload the page to open it again.';
    return (
      <p className="document-notice" role="alert">
        {text}
      </p>
    );
  }
  if (state.status !== 'refused') return null;
  return (
    <p className="document-notice" role="alert">
      The platform does not take your last edits. They stay on this device until you go on without them.
      <Button small onClick={reload}>
        Go on without them
      </Button>
    </p>
  );
}
