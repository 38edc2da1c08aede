import { Badge, Button, EmptyState, Form, TextField, useForm } from '@candlefish/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { Link2Off } from 'lucide-react';
import { useState } from 'react';
import '../documents/document.css';
import { LiveNotice } from '../documents/live-notice.tsx';
import { LiveSheet } from '../documents/live-sheet.tsx';
import { PresentPeople } from '../documents/present-people.tsx';
import { SaveState } from '../documents/save-state.tsx';
import { SheetSkeleton } from '../documents/sheet-skeleton.tsx';
import { useLiveDocument } from '../documents/use-live-document.ts';
import { explain, explainForm } from '../explain.ts';
import { Entrance } from '../layout/entrance.tsx';
import { LostChanges } from '../lost/lost-changes.tsx';
import { usePageTitle } from '../page-title.ts';
import { useServices } from '../services.ts';
import { asksForPassword, openShare, type SharedDocument } from './open-share.ts';

/** A document that a share link opens, for people without an account. */
export function SharedPage() {
  const { hash: token } = useLocation();
  const { client } = useServices();
  const first = useQuery({
    queryKey: ['shared', token],
    queryFn: () => openShare(client.fetchPublic, token, null),
    // Each opening counts.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const [unlocked, setUnlocked] = useState<SharedDocument | null>(null);
  const shared = unlocked ?? first.data;
  usePageTitle(shared?.title ?? 'Shared document');
  if (shared !== undefined) return <SharedSheet key={shared.documentId} shared={shared} />;
  if (asksForPassword(first.error)) return <PasswordPage token={token} onOpen={setUnlocked} />;
  if (first.error === null) return <SheetSkeleton />;
  return (
    <main className="page" id="main">
      <h1 className="visually-hidden">Shared document</h1>
      <EmptyState
        icon={<Link2Off />}
        tone="danger"
        title="This link does not open anything"
        text={explain(first.error)}
      />
    </main>
  );
}

interface PasswordPageProps {
  readonly token: string;
  readonly onOpen: (shared: SharedDocument) => void;
}

function PasswordPage({ token, onOpen }: PasswordPageProps) {
  const { client } = useServices();
  const open = useMutation({ mutationFn: (password: string) => openShare(client.fetchPublic, token, password) });
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => (password === '' ? { password: 'Enter the password.' } : {}),
    submit: async ({ password }) => onOpen(await open.mutateAsync(password)),
    explain: explainForm,
  });
  return (
    <Entrance title="Shared document" text="This link opens with a password. Ask whoever sent it to you." foot={null}>
      <Form form={form} label="Open the document">
        <TextField label="Password" type="password" autoComplete="off" autoFocus {...form.field('password')} />
        <Button look="primary" type="submit" disabled={form.isSubmitting}>
          Open
        </Button>
      </Form>
    </Entrance>
  );
}

function SharedSheet({ shared }: { readonly shared: SharedDocument }) {
  const { documentId, title, level, shareToken, contentType } = shared;
  const view = useLiveDocument({ documentId, owner: null, shareToken });
  return (
    <main className="document" id="main">
      <header className="document-bar">
        <img className="shared-mark" src="/candlefish.svg" alt="Candlefish" />
        <h1 className="document-heading">{title}</h1>
        {view !== null && <SaveState state={view.state} />}
        {level !== 'edit' && <Badge tone="flame">View only</Badge>}
        <span className="document-bar-end">{view !== null && <PresentPeople awareness={view.live.awareness} />}</span>
      </header>
      {view !== null && <LiveNotice view={view} />}
      {view !== null && (
        <LostChanges losses={view.losses} title={title} contentType={contentType} doc={view.live.doc} />
      )}
      <div className="document-body">
        <div className="document-main">
          <LiveSheet
            documentId={null}
            view={view}
            contentType={contentType}
            mayEdit={level === 'edit'}
            highlights={NONE}
            label={title}
          />
        </div>
      </div>
    </main>
  );
}

const NONE = [] as const;
