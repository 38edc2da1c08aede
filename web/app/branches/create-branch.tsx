import { Button, Form, TextField, useForm } from '@candlefish/ui';
import { useNavigate } from '@tanstack/react-router';
import { explainForm } from '../explain.ts';
import { useBranchWrites } from './queries.ts';

/** What the form takes. */
export interface CreateBranchProps {
  readonly documentId: string;
  /** Of the document. */
  readonly title: string;
}

const TITLE_CHARS_MAX = 255;

/** Begins a branch and opens it. */
export function CreateBranch({ documentId, title }: CreateBranchProps) {
  const { create } = useBranchWrites(documentId);
  const navigate = useNavigate();
  const form = useForm({
    initial: { title: '' },
    check: (values) => (values.title.trim() === '' ? { title: 'Give the branch a title.' } : {}),
    async submit(values) {
      const { id } = await create.mutateAsync(values.title.trim());
      await navigate({ to: '/documents/$id', params: { id } });
    },
    explain: explainForm,
  });
  return (
    <div className="panel-form">
      <Form form={form} label="New branch">
        <TextField
          label="Try something in a branch"
          placeholder={`${title}, another way`.slice(0, TITLE_CHARS_MAX)}
          autoComplete="off"
          maxLength={TITLE_CHARS_MAX}
          {...form.field('title')}
        />
        <Button type="submit" disabled={form.isSubmitting}>
          Create branch
        </Button>
      </Form>
    </div>
  );
}
