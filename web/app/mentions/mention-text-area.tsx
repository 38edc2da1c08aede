import { type ControlProps, TextArea } from '@candlefish/ui';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { freeName, type Mentioned, type MentionQuery, mentionAt, type Person } from './mention-text.ts';
import { optionId, PeopleList } from './people-list.tsx';
import { usePeople } from './use-people.ts';
import { usePicker } from './use-picker.ts';

/** What the field takes. */
export interface MentionTextAreaProps extends ControlProps {
  readonly documentId: string;
  readonly name: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly mentioned: Mentioned;
  readonly onMention: (name: string, person: Person) => void;
  readonly autoFocus: boolean;
  /** Called at Ctrl or Command with Enter. */
  readonly onSend: (form: HTMLFormElement | null) => void;
}

/** Lines of text in which `@` opens a list of people. */
export function MentionTextArea(props: MentionTextAreaProps) {
  const { documentId, value, onText, mentioned, onMention, onSend, ...control } = props;
  const listId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [query, setQuery] = useState<MentionQuery | null>(null);
  const search = query?.search ?? null;
  const people = usePeople(documentId, search);
  const look = ({ value: text, selectionStart, selectionEnd }: HTMLTextAreaElement): void =>
    setQuery(selectionStart === selectionEnd ? mentionAt(text.slice(0, selectionStart)) : null);
  const pick = (person: Person): void => {
    if (query === null) return;
    const name = freeName(person, mentioned);
    const end = query.start + query.search.length + 1;
    const written = `@${name} `;
    // The caret stands behind the name before the next key is pressed: a frame later is too late for a fast hand.
    flushSync(() => {
      onText(`${value.slice(0, query.start)}${written}${value.slice(end)}`);
      onMention(name, person);
      setQuery(null);
    });
    field.current?.setSelectionRange(query.start + written.length, query.start + written.length);
  };
  const picker = usePicker({ people, search, onPick: pick });
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { key, ctrlKey, metaKey, currentTarget } = event;
    if (key === 'Enter' && (ctrlKey || metaKey)) onSend(currentTarget.form);
    else if (picker.onKey(key)) {
      // Escape closes the list and nothing around it.
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div className="mention-field">
      <TextArea
        {...control}
        ref={field}
        rows={2}
        value={value}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={picker.isOpen ? listId : undefined}
        aria-activedescendant={picker.isOpen ? optionId(listId, picker.active) : undefined}
        onChange={({ target }) => {
          onText(target.value);
          look(target);
        }}
        onSelect={({ currentTarget }) => look(currentTarget)}
        onBlur={() => setQuery(null)}
        onKeyDown={onKeyDown}
      />
      {picker.isOpen && <PeopleList id={listId} people={people} active={picker.active} onPick={pick} />}
    </div>
  );
}
