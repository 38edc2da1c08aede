import { Button, Form, TextField, useForm } from '@candlefish/ui';
import { explainForm } from '../explain.ts';
import { useHistoryWrites } from './queries.ts';

/** What the form takes. */
export interface KeepVersionProps {
  readonly documentId: string;
  readonly onKept: () => void;
}

/** Keeps the document as it is now under a name. */
export function KeepVersion({ documentId, onKept }: KeepVersionProps) {
  const { keep } = useHistoryWrites(documentId);
  const form = useForm({
    initial: { name: '' },
    check: ({ name }) => (name.trim() === '' ? { name: 'Give the version a name.' } : {}),
    async submit({ name }) {
      await keep.mutateAsync(name.trim());
      form.set('name', '');
      onKept();
    },
    explain: explainForm,
  });
  return (
    <div className="panel-form">
      <Form form={form} label="Keep this version">
        <TextField
          label="Keep the document as it is now"
          placeholder="Name of the version"
          autoComplete="off"
          maxLength={255}
          {...form.field('name')}
        />
        <Button type="submit" disabled={form.isSubmitting}>
          Keep version
        </Button>
      </Form>
    </div>
  );
}
