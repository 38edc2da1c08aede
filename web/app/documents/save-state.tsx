import type { DocumentState, DocumentStatus } from '@candlefish/client-realtime';
import { Tooltip } from '@candlefish/ui';
import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** How a status reads. */
interface Words {
  readonly text: string;
  /** What it means for somebody who worries. */
  readonly meaning: string;
  readonly icon: ReactNode;
  readonly tone: 'bad' | 'busy' | 'good';
}

const busy = <LoaderCircle aria-hidden className="turning" />;
const KEPT = 'Your edits are kept on this device and are sent when the connection is back.';
const NOT_KEPT = 'Keep this tab open: your edits are sent when the connection is back.';

const WORDS: Readonly<Record<DocumentStatus, Words>> = {
  offline: { text: 'Offline', meaning: KEPT, icon: <CloudOff aria-hidden />, tone: 'bad' },
  connecting: { text: 'Connecting …', meaning: KEPT, icon: busy, tone: 'busy' },
  syncing: { text: 'Catching up …', meaning: 'What others wrote is on its way.', icon: busy, tone: 'busy' },
  saving: { text: 'Saving …', meaning: 'Your last edits are on their way.', icon: busy, tone: 'busy' },
  saved: { text: 'Saved', meaning: 'Every edit is stored by the platform.', icon: <Check aria-hidden />, tone: 'good' },
  refused: {
    text: 'Not saved',
    meaning: 'The platform does not take your last edits. They are kept on this device.',
    icon: <TriangleAlert aria-hidden />,
    tone: 'bad',
  },
  closed: {
    text: 'Closed',
    meaning: 'This document is not open any more.',
    icon: <CloudOff aria-hidden />,
    tone: 'bad',
  },
};

/** Whether what somebody wrote is safe, in a word that changes quietly. */
export function SaveState({ state: { status, keptLocally } }: { readonly state: DocumentState }) {
  const { text, meaning, icon, tone } = WORDS[status];
  const told = meaning === KEPT && !keptLocally ? NOT_KEPT : meaning;
  return (
    <Tooltip text={told}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation is a tooltip, which the keyboard has to reach. */}
      <span className={`save-state save-state-${tone}`} role="status" data-status={status} tabIndex={0}>
        {icon}
        {text}
      </span>
    </Tooltip>
  );
}
