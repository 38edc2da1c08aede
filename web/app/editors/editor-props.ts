import type { LiveDocument } from '@candlefish/client-realtime';
import type { Highlight } from './highlight.ts';

/** What every editor takes. It is made anew when the live document is replaced. */
export interface EditorProps {
  readonly live: LiveDocument;
  readonly mayEdit: boolean;
  /** Pieces that threads of comments are about. */
  readonly highlights: readonly Highlight[];
  /** Read out as the name of the editor. */
  readonly label: string;
}
