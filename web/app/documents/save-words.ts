import type { DocumentState, DocumentStatus } from '@candlefish/client-realtime';

/** How it stands with what somebody wrote, in words. */
export interface SaveWords {
  readonly text: string;
  /** What it means for somebody who worries. */
  readonly meaning: string;
  readonly tone: 'bad' | 'busy' | 'good';
}

const KEPT = 'Your edits are kept on this device and are sent when the connection is back.';
const NOT_KEPT = 'Keep this tab open: your edits are sent when the connection is back.';

const WORDS: Readonly<Record<DocumentStatus, SaveWords>> = {
  offline: { text: 'Offline', meaning: KEPT, tone: 'bad' },
  connecting: { text: 'Connecting …', meaning: KEPT, tone: 'busy' },
  syncing: { text: 'Catching up …', meaning: 'What others wrote is on its way.', tone: 'busy' },
  saving: { text: 'Saving …', meaning: 'Your last edits are on their way.', tone: 'busy' },
  saved: { text: 'Saved', meaning: 'Every edit is stored by the platform.', tone: 'good' },
  refused: {
    text: 'Not saved',
    meaning: 'The platform does not take your last edits. They are kept on this device.',
    tone: 'bad',
  },
  closed: { text: 'Closed', meaning: 'This document is not open any more.', tone: 'bad' },
};

const SLOW: SaveWords = { text: 'Not saved yet', meaning: `The platform does not answer. ${KEPT}`, tone: 'bad' };

/** How it stands, in words. @param isSlow Whether it has been on its way for longer than anybody waits without a word. */
export function saveWords(
  { status, keptLocally }: Pick<DocumentState, 'keptLocally' | 'status'>,
  isSlow: boolean,
): SaveWords {
  const words = isSlow && WORDS[status].tone === 'busy' ? SLOW : WORDS[status];
  return keptLocally ? words : { ...words, meaning: words.meaning.replace(KEPT, NOT_KEPT) };
}
