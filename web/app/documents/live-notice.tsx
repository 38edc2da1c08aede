import { Button } from '@candlefish/ui';
import type { LiveView } from './use-live-document.ts';

/** Close codes of the socket protocol that end a document for somebody, and how they read. */
const ENDINGS: Readonly<Record<number, string>> = {
  4400: 'The platform does not understand this page. Reload it.',
  4403: 'You may not see this document any more.',
  4404: 'This document has been deleted.',
};

/** Refusals that say more than that the platform does not take an edit. */
const REFUSALS: Readonly<Record<string, string>> = {
  read_only:
    'You may not edit this document any more, so your last edits are not saved. Should you be let in again, they are sent.',
  invalid: 'Your last edits do not fit this document, so the platform does not take them.',
  too_large: 'With your last edits the document would become too large, so the platform does not take them.',
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
    <section className="document-notice" role="alert" aria-label="Edits that are not saved">
      <p>
        {REFUSALS[state.refusal ?? ''] ?? 'The platform does not take your last edits.'} They stay on this device, also
        when you go on without them.
      </p>
      <span className="notice-actions">
        <Button small onClick={reload}>
          Go on without them
        </Button>
      </span>
    </section>
  );
}
