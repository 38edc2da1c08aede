import type { ReactNode } from 'react';
import type { Form as FormState } from './use-form.ts';

/** What a form takes. */
export interface FormProps {
  readonly form: Pick<FormState<Readonly<Record<string, string>>>, 'onSubmit' | 'problems'>;
  /** Read out; a form without a visible title needs one. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** Fields of a form below each other, with what is wrong with it as a whole on top. */
export const Form = ({ form, label, children }: FormProps) => (
  <form className="form" noValidate aria-label={label} onSubmit={form.onSubmit}>
    {form.problems.whole !== null && (
      <p className="form-error" role="alert">
        {form.problems.whole}
      </p>
    )}
    {children}
  </form>
);
