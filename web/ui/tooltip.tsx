import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';

/** Offset from what it explains, px. */
const OFFSET = 6;

/** What a tooltip takes. */
export interface TooltipProps {
  readonly text: string;
  /** The one element it explains; its name has to say the same to those who see no tooltip. */
  readonly children: ReactElement<Record<string, unknown>>;
}

/** A short name that appears when the pointer or the focus rests on an element. */
export const Tooltip = ({ text, children }: TooltipProps) => (
  <Base.Root>
    <Base.Trigger render={children} />
    <Base.Portal>
      <Base.Positioner sideOffset={OFFSET} className="overlay-place">
        <Base.Popup className="tooltip">{text}</Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);
