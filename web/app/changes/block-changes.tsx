import { Button, classNames } from '@candlefish/ui';
import type { RootChangesFragment } from '@candlefish/web-graphql/operations/changes';
import { useState } from 'react';
import { describeBlock, noteOf, type PathNode } from './block-words.ts';
import { nearChanges } from './fold.ts';
import { Parts } from './text-changes.tsx';

type Block = NonNullable<RootChangesFragment['blocks']>[number];

/** Blocks shown around a change. */
const AROUND = 1;

const MARKS = { equal: '', insert: '+', delete: '−', change: '±' } as const;
const SAID = { equal: '', insert: 'Added', delete: 'Removed', change: 'Changed' } as const;

/** What became of paragraphs, headings and items; those far from any change are folded. */
export function BlockChanges({ blocks }: { readonly blocks: readonly Block[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = nearChanges(blocks, ({ kind }) => kind !== 'equal', AROUND);
  const hidden = shown.filter((isShown) => !isShown).length;
  // Blocks have no ids of their own, and a comparison does not change while it is shown.
  const rows = blocks.map((block, index) => ({ id: index, block, isShown: showsAll || shown[index] === true }));
  return (
    <>
      <ul className="changes-blocks">
        {rows.map(({ id, block, isShown }) => isShown && <BlockRow key={id} change={block} />)}
      </ul>
      {hidden > 0 && !showsAll && (
        <p className="changes-fold">
          <Button small look="quiet" onClick={() => setShowsAll(true)}>
            Show {hidden === 1 ? 'one part' : `${hidden} parts`} that stayed
          </Button>
        </p>
      )}
    </>
  );
}

function BlockRow({ change: { kind, block, was, parts } }: { readonly change: Block }) {
  const path = block.path as readonly PathNode[];
  const { name, look } = describeBlock(path);
  const note = was === null ? null : noteOf(was.path as readonly PathNode[], path);
  return (
    <li className={classNames('change', kind !== 'equal' && `change-${kind}`)}>
      <span className="change-mark" aria-hidden>
        {MARKS[kind]}
      </span>
      <div className="change-body">
        {kind !== 'equal' && <span className="visually-hidden">{SAID[kind]}: </span>}
        {name !== null && <span className="change-name">{name}</span>}
        <span className={look === null ? undefined : `change-${look}`}>
          {block.text === '' && parts.length === 0 ? <span className="faint">empty</span> : <Parts parts={parts} />}
        </span>
        {note !== null && <span className="change-note">{note}</span>}
      </div>
    </li>
  );
}
