import { Button, Dialog, Form, TextField, useForm } from '@candlefish/ui';
import type { VersionRowFragment } from '@candlefish/web-graphql/operations/versions';
import { explainForm } from '../explain.ts';
import { useHistoryWrites } from './queries.ts';

/** What the dialog takes. */
export interface NameVersionDialogProps {
  readonly documentId: string;
  /** The version to name; null closes the dialog. */
  readonly version: VersionRowFragment | null;
  readonly onClose: () => void;
}

/** Gives a kept state a name, with which it stays. */
export const NameVersionDialog = ({ version, onClose, documentId }: NameVersionDialogProps) => (
  <Dialog isOpen={version !== null} onClose={onClose} title="Name this version">
    {version !== null && <NameForm documentId={documentId} version={version} onClose={onClose} />}
  </Dialog>
);

function NameForm({ documentId, version, onClose }: NameVersionDialogProps & { readonly version: VersionRowFragment }) {
  const { rename } = useHistoryWrites(documentId);
  const form = useForm({
    initial: { name: version.name ?? '' },
    check: ({ name }) => (name.trim() === '' ? { name: 'Give the version a name.' } : {}),
    async submit({ name }) {
      await rename.mutateAsync({ id: version.id, name: name.trim() });
      onClose();
    },
    explain: explainForm,
  });
  return (
    <Form form={form} label="Name this version">
      <TextField
        label="Name"
        autoComplete="off"
        maxLength={255}
        hint="A version with a name stays until somebody deletes it."
        {...form.field('name')}
      />
      <div className="form-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={form.isSubmitting}>
          Name it
        </Button>
      </div>
    </Form>
  );
}
