import { useEffect, useState } from 'react';
import type { Person } from './mention-text.ts';

/** What a key does to an open list: nothing, or something that the text must not hear of. */
export type OnKey = (key: string) => boolean;

/** A list of people that is open beside a text. */
export interface Picker {
  readonly active: number;
  readonly isOpen: boolean;
  /** Takes a key; true when it was for the list. */
  readonly onKey: OnKey;
}

/** What the picker takes. */
export interface PickerOptions {
  readonly people: readonly Person[];
  /** What is typed behind the `@`; null while no mention is. */
  readonly search: string | null;
  readonly onPick: (person: Person) => void;
}

/** Arrows choose, Enter and Tab take, Escape leaves the list until another mention is begun. */
export function usePicker({ people, search, onPick }: PickerOptions): Picker {
  const [choice, setChoice] = useState({ search, index: 0 });
  const [isLeft, setLeft] = useState(false);
  const isTyping = search !== null;
  useEffect(() => {
    if (!isTyping) setLeft(false);
  }, [isTyping]);
  const isOpen = isTyping && !isLeft && people.length > 0;
  // Another letter makes another list, which begins at its top.
  const shown = choice.search === search ? Math.min(choice.index, people.length - 1) : 0;
  const choose = (index: number): void => setChoice({ search, index });
  return {
    active: shown,
    isOpen,
    onKey(key) {
      if (!isOpen) return false;
      const person = people[shown];
      if (key === 'ArrowDown') choose((shown + 1) % people.length);
      else if (key === 'ArrowUp') choose((shown + people.length - 1) % people.length);
      else if (key === 'Escape') setLeft(true);
      else if ((key === 'Enter' || key === 'Tab') && person !== undefined) onPick(person);
      else return false;
      return true;
    },
  };
}
