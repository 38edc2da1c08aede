import { Button, Form, IconButton, Select, Skeleton, TextField, useForm, useToast } from '@candlefish/ui';
import { Copy, Link2, X } from 'lucide-react';
import { useState } from 'react';
import { explain, explainForm } from '../explain.ts';
import { fullTime } from '../time.ts';
import { LEVELS } from './levels.ts';
import { useShareLinks, useSharingChanges } from './queries.ts';
import type { LinkLevel, NewShareLink, ShareLink } from './share-links.ts';

const DAY_MS = 86_400_000;

const TIMES = [
  { value: 'never', label: 'Until taken back', days: null },
  { value: 'day', label: 'For a day', days: 1 },
  { value: 'week', label: 'For a week', days: 7 },
  { value: 'month', label: 'For 30 days', days: 30 },
] as const;

/** What a link may give: managing stays with people of the company. */
const LINK_LEVELS = LEVELS.filter(
  (level): level is Extract<(typeof LEVELS)[number], { value: LinkLevel }> => level.value !== 'manage',
);

/** Links that open a document to people without an account. */
export function LinksTab({ documentId }: { readonly documentId: string }) {
  const { data, error } = useShareLinks(documentId);
  const { revokeLink } = useSharingChanges(documentId);
  const [made, setMade] = useState<string | null>(null);
  const toast = useToast();
  return (
    <>
      {error !== null && <p className="form-error">{explain(error)}</p>}
      {error === null && data === undefined && <Skeleton />}
      <ul className="share-list">
        {data?.map((link) => (
          <li key={link.id} className="share-row">
            <Link2 aria-hidden size={18} />
            <span className="share-name">
              {LEVELS.find(({ value }) => value === link.level)?.label}
              <span className="share-note">{noteOf(link)}</span>
            </span>
            <IconButton
              label="Take the link back"
              small
              icon={<X aria-hidden />}
              onClick={() => revokeLink.mutate(link.id, { onError: (reason) => toast(explain(reason)) })}
            />
          </li>
        ))}
      </ul>
      {made === null ? (
        <NewLink documentId={documentId} onMade={setMade} />
      ) : (
        <MadeLink address={made} onDone={() => setMade(null)} />
      )}
    </>
  );
}

const noteOf = ({ hasPassword, expiresAt, uses }: ShareLink): string =>
  [
    hasPassword ? 'with a password' : null,
    expiresAt === null ? 'until taken back' : `until ${fullTime(expiresAt)}`,
    uses === 1 ? 'opened once' : `opened ${uses} times`,
  ]
    .filter((part) => part !== null)
    .join(' · ');

interface NewLinkProps {
  readonly documentId: string;
  readonly onMade: (address: string) => void;
}

function NewLink({ documentId, onMade }: NewLinkProps) {
  const { createLink } = useSharingChanges(documentId);
  const [level, setLevel] = useState<LinkLevel>('view');
  const [time, setTime] = useState<(typeof TIMES)[number]['value']>('week');
  const form = useForm({
    initial: { password: '' },
    check: () => ({}),
    async submit({ password }) {
      const days = TIMES.find(({ value }) => value === time)?.days ?? null;
      const link: NewShareLink = {
        level,
        ...(password !== '' && { password }),
        ...(days !== null && { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }),
      };
      onMade(await createLink.mutateAsync(link));
    },
    explain: explainForm,
  });
  return (
    <Form form={form} label="New link">
      <div className="share-add">
        <Select label="What its holders may do" choices={LINK_LEVELS} value={level} onChange={setLevel} />
        <Select label="How long it is good" choices={TIMES} value={time} onChange={setTime} />
      </div>
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="Leave it empty for a link that opens by itself."
        {...form.field('password')}
      />
      <div className="form-actions">
        <Button look="primary" type="submit" disabled={form.isSubmitting}>
          Create link
        </Button>
      </div>
    </Form>
  );
}

interface MadeLinkProps {
  readonly address: string;
  readonly onDone: () => void;
}

function MadeLink({ address, onDone }: MadeLinkProps) {
  const toast = useToast();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address);
    toast('The link is copied.');
  };
  return (
    <div className="form">
      <TextField
        label="The link, shown this once"
        readOnly
        value={address}
        hint="Whoever has it can open the document."
        onFocus={(event) => event.target.select()}
      />
      <div className="form-actions">
        <Button onClick={onDone}>Done</Button>
        <Button
          look="primary"
          onClick={() => void copy().catch(() => toast('Copy it by hand: the browser does not allow it.'))}
        >
          <Copy aria-hidden />
          Copy
        </Button>
      </div>
    </div>
  );
}
