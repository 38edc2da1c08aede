import { Button, Dialog, Form, TextField, useForm } from '@candlefish/ui';
import { useNavigate } from '@tanstack/react-router';
import { explainForm } from '../explain.ts';
import { DOCUMENT_KINDS } from './content-types.tsx';
import { KindChoice } from './kind-choice.tsx';
import { useDocumentChanges } from './queries.ts';

/** What the dialog takes. */
export interface CreateDocumentDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks for title and kind of a new document, and opens it. */
export const CreateDocumentDialog = ({ isOpen, onClose }: CreateDocumentDialogProps) => (
  <Dialog isOpen={isOpen} onClose={onClose} title="New document">
    <CreateDocumentForm onClose={onClose} />
  </Dialog>
);

function CreateDocumentForm({ onClose }: Pick<CreateDocumentDialogProps, 'onClose'>) {
  const { create } = useDocumentChanges();
  const navigate = useNavigate();
  const form = useForm({
    initial: { title: '', contentType: DOCUMENT_KINDS[0]?.contentType ?? 'text/plain' },
    check: ({ title }) => (title.trim() === '' ? { title: 'Give the document a title.' } : {}),
    async submit({ title, contentType }) {
      const { id } = await create.mutateAsync({ title: title.trim(), contentType });
      onClose();
      await navigate({ to: '/documents/$id', params: { id } });
    },
    explain: explainForm,
  });
  return (
    <Form form={form} label="New document">
      <TextField label="Title" autoComplete="off" maxLength={255} {...form.field('title')} />
      <KindChoice value={form.values.contentType} onChange={(contentType) => form.set('contentType', contentType)} />
      <div className="form-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={form.isSubmitting}>
          Create
        </Button>
      </div>
    </Form>
  );
}
