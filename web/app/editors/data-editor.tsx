import { Button, Form, IconButton, TextField, useForm } from '@candlefish/ui';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import * as Y from 'yjs';
import type { EditorProps } from './editor-props.ts';
import { useShared } from './use-shared.ts';

interface Entry {
  readonly key: string;
  /** The value as JSON. */
  readonly json: string;
}

const jsonOf = (value: unknown): string => JSON.stringify(value instanceof Y.AbstractType ? value.toJSON() : value);

/** A value that somebody typed: JSON, or else the text as it stands. */
function typedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: people who write a word mean the word.
    return text;
  }
}

/** Named values. */
export function DataEditor({ live, mayEdit, label }: EditorProps) {
  const data = live.doc.getMap<unknown>('data');
  const entries = useShared(data, (): readonly Entry[] =>
    [...data.entries()]
      .map(([key, value]) => ({ key, json: jsonOf(value) }))
      .sort((one, other) => one.key.localeCompare(other.key)),
  );
  return (
    <section className="sheet sheet-list" aria-label={label}>
      {entries.length === 0 && <p className="faint">No values yet.</p>}
      <dl className="values">
        {entries.map(({ key, json }) => (
          <div key={key} className="value">
            <dt>{key}</dt>
            <dd>
              <ValueInput name={key} json={json} mayEdit={mayEdit} onChange={(value) => data.set(key, value)} />
              {mayEdit && (
                <IconButton label={`Remove ${key}`} small icon={<X aria-hidden />} onClick={() => data.delete(key)} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      {mayEdit && <AddValue known={entries.map(({ key }) => key)} onAdd={(key) => data.set(key, null)} />}
    </section>
  );
}

interface ValueInputProps {
  readonly name: string;
  readonly json: string;
  readonly mayEdit: boolean;
  readonly onChange: (value: unknown) => void;
}

/** A value that is written when the field is left, so that half a number is never seen by others. */
function ValueInput({ name, json, mayEdit, onChange }: ValueInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== json) onChange(typedValue(draft));
    setDraft(null);
  };
  return (
    <input
      className="input value-input"
      aria-label={`Value of ${name}`}
      value={draft ?? json}
      readOnly={!mayEdit}
      spellCheck={false}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === 'Enter') commit();
        if (key === 'Escape') setDraft(null);
      }}
    />
  );
}

interface AddValueProps {
  readonly known: readonly string[];
  readonly onAdd: (key: string) => void;
}

function AddValue({ known, onAdd }: AddValueProps) {
  const form = useForm({
    initial: { key: '' },
    check: ({ key }) => ({
      ...(key.trim() === '' && { key: 'Give the value a name.' }),
      ...(known.includes(key.trim()) && { key: 'There is a value of this name.' }),
    }),
    async submit({ key }) {
      onAdd(key.trim());
      form.set('key', '');
    },
    explain: () => ({ fields: {}, whole: 'The value could not be added.' }),
  });
  return (
    <Form form={form} label="Add a value">
      <div className="value-add">
        <TextField label="Name of a new value" autoComplete="off" {...form.field('key')} />
        <Button type="submit">
          <Plus aria-hidden />
          Add
        </Button>
      </div>
    </Form>
  );
}
