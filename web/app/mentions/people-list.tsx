import { Avatar, classNames } from '@candlefish/ui';
import { shortName } from '../people.ts';
import type { Person } from './mention-text.ts';
import './mentions.css';

/** What the list takes. */
export interface PeopleListProps {
  readonly id: string;
  readonly people: readonly Person[];
  /** Place of the one that Enter would take. */
  readonly active: number;
  readonly onPick: (person: Person) => void;
}

/** The id of an entry, for whoever holds the focus to point at. */
export const optionId = (listId: string, index: number): string => `${listId}-${index}`;

/** People to mention. The focus stays in the text; the entry that Enter takes is pointed at from there. */
export const PeopleList = ({ id, people, active, onPick }: PeopleListProps) => (
  <>
    <div className="mention-list popup" id={id} role="listbox" aria-label="People to mention">
      {people.map((person, index) => (
        <div
          key={person.id}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={classNames('popup-item', index === active && 'mention-active')}
          // Before the text loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(person);
          }}
        >
          <Avatar id={person.id} name={person.email} />
          <span className="mention-person">
            <span>{shortName(person.email)}</span>
            <span className="faint">{person.email}</span>
          </span>
        </div>
      ))}
    </div>
    <span className="visually-hidden" role="status">
      {people.length === 1 ? 'One person' : `${people.length} people`}. Arrows choose, Enter mentions.
    </span>
  </>
);
