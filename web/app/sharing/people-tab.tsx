import { Avatar, Button, IconButton, Select, useToast } from '@candlefish/ui';
import type { MemberRowFragment } from '@candlefish/web-graphql/operations/sharing';
import { UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../explain.ts';
import { LEVELS, type Level } from './levels.ts';
import { useSharingChanges } from './queries.ts';

interface Person {
  readonly id: string;
  readonly email: string;
}

/** What the tab takes. */
export interface PeopleTabProps {
  readonly documentId: string;
  readonly creator: Person | null;
  readonly members: readonly MemberRowFragment[];
  /** Everybody of the company. */
  readonly people: readonly (Person & { readonly isDisabled: boolean })[];
}

/** People with a level of their own in a document. */
export function PeopleTab({ documentId, creator, members, people }: PeopleTabProps) {
  const { setMember, removeMember } = useSharingChanges(documentId);
  const toast = useToast();
  const onError = (error: unknown): void => toast(explain(error));
  const named = new Set([creator?.id, ...members.map(({ id }) => id)]);
  const others = people.filter(({ id, isDisabled }) => !named.has(id) && !isDisabled);
  return (
    <>
      <ul className="share-list">
        {creator !== null && (
          <li className="share-row">
            <Avatar id={creator.id} name={creator.email} />
            <span className="share-name">{creator.email}</span>
            <span className="faint">Created it</span>
          </li>
        )}
        {members.map(({ id, level, user }) => (
          <li key={id} className="share-row">
            <Avatar id={id} name={user?.email ?? 'API key'} />
            <span className="share-name">{user?.email ?? 'An API key'}</span>
            <Select
              label={`What ${user?.email ?? 'this API key'} may do`}
              choices={LEVELS}
              value={level}
              onChange={(next) => setMember.mutate({ memberId: id, level: next }, { onError })}
            />
            <IconButton
              label={`Remove ${user?.email ?? 'this API key'}`}
              small
              icon={<X aria-hidden />}
              onClick={() => removeMember.mutate(id, { onError })}
            />
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <AddPerson people={others} onAdd={(memberId, level) => setMember.mutate({ memberId, level }, { onError })} />
      )}
    </>
  );
}

interface AddPersonProps {
  readonly people: readonly Person[];
  readonly onAdd: (id: string, level: Level) => void;
}

function AddPerson({ people, onAdd }: AddPersonProps) {
  const [chosen, setChosen] = useState('');
  const [level, setLevel] = useState<Level>('edit');
  // Whoever was chosen may be a member by now.
  const id = people.some((person) => person.id === chosen) ? chosen : (people[0]?.id ?? '');
  return (
    <div className="share-add share-add-person">
      <Select
        label="Person"
        choices={people.map((person) => ({ value: person.id, label: person.email }))}
        value={id}
        onChange={setChosen}
      />
      <Select label="What they may do" choices={LEVELS} value={level} onChange={setLevel} />
      <Button onClick={() => onAdd(id, level)}>
        <UserPlus aria-hidden />
        Add
      </Button>
    </div>
  );
}
