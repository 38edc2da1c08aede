import { Button, Field, Form, useForm } from '@candlefish/ui';
import { useState } from 'react';
import { explainForm } from '../explain.ts';
import { asTyped, withMentions } from '../mentions/mention-text.ts';
import { MentionTextArea } from '../mentions/mention-text-area.tsx';

/** What the form takes. */
export interface CommentFormProps {
  readonly documentId: string;
  readonly label: string;
  readonly action: string;
  readonly onSubmit: (body: string) => Promise<unknown>;
  readonly onCancel?: () => void;
  readonly autoFocus?: boolean;
  /** What stands in it at first, as it is stored. */
  readonly initial?: string;
}

/** A few lines about something. `@` mentions people; Ctrl or Command with Enter sends it. */
export function CommentForm(props: CommentFormProps) {
  const { documentId, label, action, onSubmit, onCancel, autoFocus = false, initial = '' } = props;
  const [first] = useState(() => asTyped(initial));
  const [mentioned, setMentioned] = useState(first.mentioned);
  const form = useForm({
    initial: { body: first.text },
    check: ({ body }) => (body.trim() === '' ? { body: 'Write something first.' } : {}),
    async submit({ body }) {
      await onSubmit(withMentions(body.trim(), mentioned));
      form.set('body', '');
      setMentioned(new Map());
    },
    explain: explainForm,
  });
  const { error, name, value } = form.field('body');
  return (
    <Form form={form} label={label}>
      <Field label={label} error={error} hint="@ mentions somebody.">
        {(control) => (
          <MentionTextArea
            {...control}
            documentId={documentId}
            name={name}
            value={value}
            mentioned={mentioned}
            autoFocus={autoFocus}
            onText={(text) => form.set('body', text)}
            onMention={(chosen, person) => setMentioned(new Map([...mentioned, [chosen, person]]))}
            onSend={(element) => element?.requestSubmit()}
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
