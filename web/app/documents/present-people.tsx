import { Avatar, Tooltip } from '@candlefish/ui';
import { useSyncExternalStore } from 'react';
import type { Awareness } from 'y-protocols/awareness';
import { type RemoteUser, remoteUser } from '../editors/remote-caret.ts';

/** Faces in a row before the rest become a number. */
const FACES_MAX = 5;

/** Who else is in a document, each once however many tabs they have. */
export function PresentPeople({ awareness }: { readonly awareness: Awareness }) {
  // A text that stays the same while the same people are there: stores are compared by identity.
  const present = useSyncExternalStore(
    (onChange) => {
      awareness.on('change', onChange);
      return () => awareness.off('change', onChange);
    },
    () => JSON.stringify(othersIn(awareness)),
  );
  const people = JSON.parse(present) as readonly RemoteUser[];
  if (people.length === 0) return null;
  return (
    <ul className="people" aria-label="Also here">
      {people.slice(0, FACES_MAX).map(({ id, name }) => (
        <li key={id}>
          <Tooltip text={name}>
            <span>
              <Avatar id={id} name={name} />
              <span className="visually-hidden">{name}</span>
            </span>
          </Tooltip>
        </li>
      ))}
      {people.length > FACES_MAX && <li className="people-more">+{people.length - FACES_MAX}</li>}
    </ul>
  );
}

function othersIn(awareness: Awareness): readonly RemoteUser[] {
  const byId = new Map<string, RemoteUser>();
  for (const [clientId, state] of awareness.getStates()) {
    const user = remoteUser(state);
    if (clientId !== awareness.clientID && user !== null) byId.set(user.id, user);
  }
  return [...byId.values()].sort((one, other) => one.name.localeCompare(other.name));
}
