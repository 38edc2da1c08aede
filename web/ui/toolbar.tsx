import { Toolbar as Base } from '@base-ui/react/toolbar';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

/** What a row of tools takes. */
export interface ToolbarProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** A row of tools: one stop for the Tab key, arrows within. */
export const Toolbar = ({ label, children }: ToolbarProps) => (
  <Base.Root className="tools" aria-label={label}>
    {children}
  </Base.Root>
);

/** What a tool takes. */
export interface ToolProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onUse: () => void;
  /** Whether it is in force where the caret is; left out for tools that only do something. */
  readonly isOn?: boolean;
  readonly disabled?: boolean;
}

/** A tool of a toolbar. */
export const Tool = ({ label, icon, onUse, isOn, disabled = false }: ToolProps) => (
  <Tooltip text={label}>
    <Base.Button
      className={classNames('button', 'button-quiet', 'button-small', 'button-icon')}
      aria-label={label}
      aria-pressed={isOn}
      disabled={disabled}
      // The selection in the text stays where it is.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onUse}
    >
      {icon}
    </Base.Button>
  </Tooltip>
);

/** A line between groups of tools. */
export const ToolLine = () => <Base.Separator className="tools-line" />;
