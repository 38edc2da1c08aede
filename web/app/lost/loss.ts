import type { LostChanges } from '@candlefish/client-realtime';

/** Changes that could not be saved, until their author has no more use for them. */
export interface Loss extends LostChanges {
  /** Drops them. */
  discard(): Promise<void> | void;
}
