import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

/** `primary`: the one thing a page is for. `quiet`: without a frame until it is touched. */
export type ButtonLook = 'danger' | 'primary' | 'quiet' | 'secondary';

/** What a button takes beside what the element takes. */
export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  readonly look?: ButtonLook;
  readonly small?: boolean;
}

/** Class names of a button, for links that look like one. */
export const buttonClass = (look: ButtonLook = 'secondary', small = false): string =>
  classNames('button', `button-${look}`, small && 'button-small');

/** A button; `secondary` unless another look is named. */
export const Button = ({ look = 'secondary', small = false, type = 'button', ...props }: ButtonProps) => (
  <BaseButton {...props} type={type} className={buttonClass(look, small)} />
);

/** What a button with nothing but an icon takes. */
export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  /** Read out, and shown when the pointer rests on it. */
  readonly label: string;
  readonly icon: ReactNode;
}

/** A button with nothing but an icon. */
export const IconButton = ({ label, icon, look = 'quiet', small = false, ...props }: IconButtonProps) => (
  <Tooltip text={label}>
    <BaseButton
      type="button"
      {...props}
      aria-label={label}
      className={classNames(buttonClass(look, small), 'button-icon')}
    >
      {icon}
    </BaseButton>
  </Tooltip>
);
