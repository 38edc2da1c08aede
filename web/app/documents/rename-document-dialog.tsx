import { Button, Dialog, Form, TextField, useForm } from '@candlefish/ui';
import { explainForm } from '../explain.ts';
import { useDocumentChanges } from './queries.ts';

/** What the dialog takes. */
export interface RenameDocumentDialogProps {
  /** The document to rename; null closes the dialog. */
  readonly document: { readonly id: string; readonly title: string } | null;
  readonly onClose: () => void;
}

/** Asks for another title. */
export const RenameDocumentDialog = ({ document, onClose }: RenameDocumentDialogProps) => (
  <Dialog isOpen={document !== null} onClose={onClose} title="Rename document">
    {document !== null && <RenameForm document={document} onClose={onClose} />}
  </Dialog>
);

interface RenameFormProps {
  readonly document: { readonly id: string; readonly title: string };
  readonly onClose: () => void;
}

function RenameForm({ document, onClose }: RenameFormProps) {
  const { rename } = useDocumentChanges();
  const form = useForm({
    initial: { title: document.title },
    check: ({ title }) => (title.trim() === '' ? { title: 'Give the document a title.' } : {}),
    async submit({ title }) {
      await rename.mutateAsync({ id: document.id, title: title.trim() });
      onClose();
    },
    explain: explainForm,
  });
  return (
    <Form form={form} label="Rename document">
      <TextField label="Title" autoComplete="off" maxLength={255} {...form.field('title')} />
      <div className="form-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={form.isSubmitting}>
          Rename
        </Button>
      </div>
    </Form>
  );
}
