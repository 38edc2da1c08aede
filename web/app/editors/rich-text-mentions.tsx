import type { Editor } from '@tiptap/core';
import { useEffect, useId } from 'react';
import type { Person } from '../mentions/mention-text.ts';
import { optionId, PeopleList } from '../mentions/people-list.tsx';
import { usePeople } from '../mentions/use-people.ts';
import { type OnKey, usePicker } from '../mentions/use-picker.ts';
import { shortName } from '../people.ts';
import type { TypedMention } from './mention-typing.ts';

/** What the list takes. */
export interface RichTextMentionsProps {
  readonly editor: Editor;
  readonly documentId: string;
  readonly typed: TypedMention | null;
  /** Where the editor asks about keys while the list stands. */
  readonly keys: { current: OnKey };
}

/** Distance of the list from the line and from the edge of the window, px. */
const GAP = 6;

/** People to mention, beside the `@` that is typed. */
export function RichTextMentions({ editor, documentId, typed, keys }: RichTextMentionsProps) {
  const listId = useId();
  const search = typed?.search ?? null;
  const people = usePeople(documentId, search);
  const pick = (person: Person): void => {
    if (typed === null) return;
    const mention = { type: 'mention', attrs: { id: person.id, label: shortName(person.email) } };
    editor
      .chain()
      .focus()
      .insertContentAt({ from: typed.from, to: typed.to }, [mention, { type: 'text', text: ' ' }])
      .run();
  };
  const picker = usePicker({ people, search, onPick: pick });
  keys.current = picker.onKey;
  const pointed = picker.isOpen ? optionId(listId, picker.active) : null;
  useEffect(() => {
    // Before anything is typed there may be no view yet.
    if (pointed === null) return undefined;
    const { dom } = editor.view;
    dom.setAttribute('aria-controls', listId);
    dom.setAttribute('aria-activedescendant', pointed);
    return () => {
      dom.removeAttribute('aria-controls');
      dom.removeAttribute('aria-activedescendant');
    };
  }, [editor, listId, pointed]);
  if (!picker.isOpen || typed === null) return null;
  return (
    <div
      className="mention-float"
      style={{ left: `min(${typed.left}px, calc(100vw - 19rem))`, top: typed.bottom + GAP }}
    >
      <PeopleList id={listId} people={people} active={picker.active} onPick={pick} />
    </div>
  );
}
