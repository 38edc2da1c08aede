import type { LiveDocument } from '@candlefish/client-realtime';
import type { Highlight } from './highlight.ts';

/** What every editor takes. It is made anew when the live document is replaced. */
export interface EditorProps {
  /** Where people to mention are looked for; null for guests, who may not look people up. */
  readonly documentId: string | null;
  readonly live: LiveDocument;
  readonly mayEdit: boolean;
  /** Pieces that threads of comments are about. */
  readonly highlights: readonly Highlight[];
  /** Read out as the name of the editor. */
  readonly label: string;
}
