import { CircleAlert } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';

/** What a control needs to belong to its field. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** What a field takes. */
export interface FieldProps {
  readonly label: string;
  /** What is wrong; shown in place of the hint. */
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A control with its label above and its hint or error below, tied together for screen readers. */
export function Field({ label, error, hint, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = error !== undefined || hint !== undefined;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasNote ? noteId : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {error !== undefined && (
        <p className="field-error" id={noteId}>
          <CircleAlert aria-hidden size={16} />
          {error}
        </p>
      )}
      {error === undefined && hint !== undefined && (
        <p className="field-hint" id={noteId}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A line of text. */
export const Input = (props: Omit<ComponentProps<'input'>, 'className'>) => <input {...props} className="input" />;

/** Several lines of text. */
export const TextArea = (props: Omit<ComponentProps<'textarea'>, 'className'>) => (
  <textarea {...props} className="input" />
);

/** What a field of one line takes. */
export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'className' | 'id'> {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
}

/** A labelled line of text. */
export const TextField = ({ label, error, hint, ...props }: TextFieldProps) => (
  <Field label={label} error={error} hint={hint}>
    {(control) => <Input {...props} {...control} />}
  </Field>
);
