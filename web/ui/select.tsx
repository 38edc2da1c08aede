import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';

/** A choice and how it reads. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** What a select takes. */
export interface SelectProps<Value extends string> {
  /** Read out; shown nowhere. */
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly id?: string;
}

/** Offset of the list from its trigger, px. */
const OFFSET = 4;

/** One choice out of a few. */
export const Select = <Value extends string>({ label, choices, value, onChange, id }: SelectProps<Value>) => (
  <Base.Root
    items={choices}
    value={value}
    onValueChange={(next) => {
      if (next !== null) onChange(next);
    }}
    modal={false}
  >
    <Base.Trigger className="select-trigger" aria-label={label} id={id}>
      <Base.Value />
      <Base.Icon>
        <ChevronDown aria-hidden />
      </Base.Icon>
    </Base.Trigger>
    <Base.Portal>
      <Base.Positioner sideOffset={OFFSET} alignItemWithTrigger={false} className="overlay-place">
        <Base.Popup className="popup">
          {choices.map((choice) => (
            <Base.Item key={choice.value} value={choice.value} className="popup-item">
              <span className="popup-check">
                <Base.ItemIndicator>
                  <Check aria-hidden size={16} />
                </Base.ItemIndicator>
              </span>
              <Base.ItemText>{choice.label}</Base.ItemText>
            </Base.Item>
          ))}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);
