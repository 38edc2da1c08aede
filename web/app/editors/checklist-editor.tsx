import { Button, IconButton } from '@candlefish/ui';
import { ListPlus, X } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import * as Y from 'yjs';
import { changeText } from './change-text.ts';
import type { EditorProps } from './editor-props.ts';
import { useShared } from './use-shared.ts';

type Item = Y.Map<unknown>;

/** An item as it is shown. */
interface ShownItem {
  readonly id: string;
  readonly text: string;
  readonly isDone: boolean;
  readonly item: Item;
}

function shown(item: Item, index: number): ShownItem {
  const [id, text] = [item.get('id'), item.get('text')];
  return {
    id: typeof id === 'string' ? id : `place ${index}`,
    text: text instanceof Y.Text ? text.toString() : '',
    isDone: item.get('done') === true,
    item,
  };
}

/** Things to do. Enter begins another one, Backspace takes an empty one away. */
export function ChecklistEditor({ live, mayEdit, label }: EditorProps) {
  const items = live.doc.getArray<Item>('items');
  const list = useShared(items, () => items.toArray().map(shown));
  const place = useRef<HTMLUListElement>(null);
  const focus = (index: number): void => {
    requestAnimationFrame(() => place.current?.querySelectorAll<HTMLInputElement>('.task-text')[index]?.focus());
  };
  const add = (index: number): void => {
    const item = new Y.Map<unknown>();
    items.insert(index, [item]);
    item.set('id', crypto.randomUUID());
    item.set('text', new Y.Text());
    item.set('done', false);
    focus(index);
  };
  const onKeyDown = (event: KeyboardEvent, index: number, text: string): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      live.doc.transact(() => add(index + 1));
    } else if (event.key === 'Backspace' && text === '') {
      event.preventDefault();
      items.delete(index);
      focus(Math.max(0, index - 1));
    } else if (event.key === 'ArrowDown') focus(index + 1);
    else if (event.key === 'ArrowUp') focus(index - 1);
  };
  const done = list.filter(({ isDone }) => isDone).length;
  return (
    <section className="sheet sheet-list" aria-label={label}>
      <p className="faint">{list.length === 0 ? 'Nothing to do yet.' : `${done} of ${list.length} done`}</p>
      <ul className="tasks" ref={place}>
        {list.map(({ id, text, isDone, item }, index) => (
          <li key={id} className={isDone ? 'task task-done' : 'task'}>
            <input
              type="checkbox"
              aria-label={text === '' ? `Item ${index + 1}` : text}
              checked={isDone}
              disabled={!mayEdit}
              onChange={() => item.set('done', !isDone)}
            />
            <input
              className="task-text"
              aria-label={`Text of item ${index + 1}`}
              value={text}
              readOnly={!mayEdit}
              onChange={({ target }) => {
                const shared = item.get('text');
                if (shared instanceof Y.Text) changeText(shared, target.value);
              }}
              onKeyDown={(event) => mayEdit && onKeyDown(event, index, text)}
            />
            {mayEdit && (
              <IconButton
                label={`Remove ${text === '' ? `item ${index + 1}` : text}`}
                small
                icon={<X aria-hidden />}
                onClick={() => items.delete(index)}
              />
            )}
          </li>
        ))}
      </ul>
      {mayEdit && (
        <Button look="quiet" onClick={() => live.doc.transact(() => add(items.length))}>
          <ListPlus aria-hidden />
          Add an item
        </Button>
      )}
    </section>
  );
}
