import { Button, Field, Form, TextArea, useForm } from '@candlefish/ui';
import { explainForm } from '../explain.ts';

/** What the form takes. */
export interface CommentFormProps {
  readonly label: string;
  readonly action: string;
  readonly onSubmit: (body: string) => Promise<unknown>;
  readonly onCancel?: () => void;
  readonly autoFocus?: boolean;
}

/** A few lines about something. Ctrl or Command with Enter sends them. */
export function CommentForm({ label, action, onSubmit, onCancel, autoFocus = false }: CommentFormProps) {
  const form = useForm({
    initial: { body: '' },
    check: ({ body }) => (body.trim() === '' ? { body: 'Write something first.' } : {}),
    async submit({ body }) {
      await onSubmit(body.trim());
      form.set('body', '');
    },
    explain: explainForm,
  });
  const { error, ...field } = form.field('body');
  return (
    <Form form={form} label={label}>
      <Field label={label} error={error}>
        {(control) => (
          <TextArea
            {...control}
            {...field}
            rows={2}
            autoFocus={autoFocus}
            onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
              if (key === 'Enter' && (ctrlKey || metaKey)) currentTarget.form?.requestSubmit();
            }}
          />
        )}
      </Field>
      <div className="form-actions">
        {onCancel !== undefined && (
          <Button small look="quiet" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button small look="primary" type="submit" disabled={form.isSubmitting}>
          {action}
        </Button>
      </div>
    </Form>
  );
}
