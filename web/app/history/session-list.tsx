import { Avatar, Badge, ConfirmDialog, IconButton, useToast } from '@candlefish/ui';
import type { HistorySessionFragment } from '@candlefish/web-graphql/operations/history';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { PagedList, type PagedQuery } from '../documents/paged-list.tsx';
import { explain } from '../explain.ts';
import { actorKey, actorName } from '../people.ts';
import { TimeAgo } from '../time-ago.tsx';
import { type Span, spanOf } from './points.ts';
import { useHistoryWrites } from './queries.ts';
import { canUndo, sessionNote } from './session-words.ts';

/** What the list takes. */
export interface SessionListProps {
  readonly documentId: string;
  readonly sessions: readonly HistorySessionFragment[];
  readonly query: PagedQuery;
  readonly mayEdit: boolean;
  readonly onCompare: (span: Span) => void;
}

const EMPTY = { title: 'Nothing written yet', text: 'Whoever writes appears here, people and programs.' } as const;

/** Who wrote when. An entry shows what it changed; a single change, such as the call of an agent, can be undone. */
export function SessionList({ documentId, sessions, query, mayEdit, onCompare }: SessionListProps) {
  const { undo } = useHistoryWrites(documentId);
  const toast = useToast();
  const [undone, setUndone] = useState<HistorySessionFragment | null>(null);
  return (
    <>
      <PagedList
        query={query}
        label="Changes"
        empty={EMPTY}
        entries={sessions.map((session) => (
          <li key={`${session.fromSequence} ${session.actor.id}`} className="entry">
            <button type="button" className="entry-main" onClick={() => onCompare(spanOf(session))}>
              <Avatar id={actorKey(session.actor)} name={session.actor.user?.email ?? session.actor.kind} />
              <span className="entry-text">
                <span className="entry-title">{actorName(session.actor)}</span>
                <span className="entry-note">
                  <TimeAgo iso={session.endedAt} /> · {sessionNote(session)}
                </span>
                {session.undoneBy !== null && <Badge>Undone</Badge>}
              </span>
            </button>
            {mayEdit && canUndo(session) && (
              <IconButton
                label={`Undo this change by ${actorName(session.actor)}`}
                small
                icon={<Undo2 aria-hidden />}
                onClick={() => setUndone(session)}
              />
            )}
          </li>
        ))}
      />
      <ConfirmDialog
        isOpen={undone !== null}
        onClose={() => setUndone(null)}
        title="Undo this change?"
        text="What it wrote goes and what it deleted comes back. What others did since stays. The undoing is a change too and can be undone."
        action="Undo it"
        look="primary"
        explain={explain}
        onConfirm={async () => {
          if (undone === null) return;
          await undo.mutateAsync(undone.toSequence);
          toast('The change is undone.');
        }}
      />
    </>
  );
}
