import type { DocumentState } from '@candlefish/client-realtime';
import { Tooltip } from '@candlefish/ui';
import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type SaveWords, saveWords } from './save-words.ts';

/** A save that takes longer is no moment any more, ms: people ask themselves whether it is safe to go. */
const SLOW_MS = 8_000;

const ICONS = {
  bad: <TriangleAlert aria-hidden />,
  busy: <LoaderCircle aria-hidden className="turning" />,
  good: <Check aria-hidden />,
} as const;

/**
 * Whether what somebody wrote is safe, in a word. Trouble and its end are read out; that each edit is being saved is not,
 * since it would be said at every pause.
 */
export function SaveState({ state }: { readonly state: DocumentState }) {
  const words = saveWords(state, useIsSlow(state.status));
  const { text, meaning, tone } = words;
  const icon = state.status === 'offline' ? <CloudOff aria-hidden /> : ICONS[tone];
  return (
    <>
      <Tooltip text={meaning}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation is a tooltip, which the keyboard has to reach. */}
        <span className={`save-state save-state-${tone}`} data-status={state.status} tabIndex={0}>
          {icon}
          {text}
        </span>
      </Tooltip>
      <span className="visually-hidden" role="status">
        {useAnnouncement(words)}
      </span>
    </>
  );
}

/** Whether the status has stayed the same for long. */
function useIsSlow(status: DocumentState['status']): boolean {
  const [slow, setSlow] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(status), SLOW_MS);
    return () => {
      clearTimeout(timer);
      setSlow(null);
    };
  }, [status]);
  return slow === status;
}

/** What is read out: trouble when it comes, and that all is well again after it. */
function useAnnouncement({ text, meaning, tone }: SaveWords): string {
  const [said, setSaid] = useState('');
  const [wasBad, setWasBad] = useState(false);
  useEffect(() => {
    if (tone === 'bad') {
      setWasBad(true);
      setSaid(`${text}. ${meaning}`);
    } else if (tone === 'good' && wasBad) {
      setWasBad(false);
      setSaid(`${text}. ${meaning}`);
    }
  }, [text, meaning, tone, wasBad]);
  return said;
}
