import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** What a menu takes. */
export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly align?: 'center' | 'end' | 'start';
  readonly side?: 'bottom' | 'top';
  readonly children: ReactNode;
}

/** Offset of the list from its trigger, px. */
const OFFSET = 4;

/** A list of things to do that a button opens. */
export const Menu = ({ trigger, align = 'end', side = 'bottom', children }: MenuProps) => (
  <Base.Root modal={false}>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner sideOffset={OFFSET} align={align} side={side} className="overlay-place">
        <Base.Popup className="popup">{children}</Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

/** What an entry of a menu takes. */
export interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

/** A thing to do. */
export const MenuItem = ({ icon, danger = false, disabled = false, onSelect, children }: MenuItemProps) => (
  <Base.Item className={classNames('popup-item', danger && 'popup-item-danger')} disabled={disabled} onClick={onSelect}>
    {icon}
    {children}
  </Base.Item>
);

/** What a choice among the entries of a menu takes. */
export interface MenuChoicesProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly disabled?: boolean }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One choice out of several inside a menu. */
export const MenuChoices = <Value extends string>({ label, choices, value, onChange }: MenuChoicesProps<Value>) => (
  <Base.Group>
    <Base.GroupLabel className="popup-label">{label}</Base.GroupLabel>
    <Base.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)}>
      {choices.map((choice) => (
        <Base.RadioItem
          key={choice.value}
          value={choice.value}
          disabled={choice.disabled ?? false}
          closeOnClick
          className="popup-item"
        >
          <span className="popup-check">
            <Base.RadioItemIndicator>
              <Check aria-hidden size={16} />
            </Base.RadioItemIndicator>
          </span>
          {choice.label}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  </Base.Group>
);

/** A line between groups of entries. */
export const MenuLine = () => <Base.Separator className="popup-line" />;
