import type { LiveDocument } from '@candlefish/client-realtime';

/** What every editor takes. It is made anew when the live document is replaced. */
export interface EditorProps {
  readonly live: LiveDocument;
  /** Id of the person who edits, for the colour of their own traces. */
  readonly mayEdit: boolean;
  /** Read out as the name of the editor. */
  readonly label: string;
}
