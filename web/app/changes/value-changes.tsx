import { type Column, Table } from '@candlefish/ui';
import type { RootChangesFragment } from '@candlefish/web-graphql/operations/changes';
import { placeOf, shownValue } from './value-words.ts';

type Change = NonNullable<RootChangesFragment['patch']>[number];

const COLUMNS: readonly Column<Change>[] = [
  { id: 'place', label: 'Value', width: '34%', cell: ({ path }) => <strong>{placeOf(path)}</strong> },
  {
    id: 'before',
    label: 'Before',
    cell: ({ op, before }) =>
      op === 'add' ? <span className="faint">not there</span> : <del>{shownValue(before)}</del>,
  },
  {
    id: 'after',
    label: 'After',
    cell: ({ op, value }) => (op === 'remove' ? <span className="faint">gone</span> : <ins>{shownValue(value)}</ins>),
  },
];

/** What became of named values. */
export const ValueChanges = ({ patch }: { readonly patch: readonly Change[] }) => (
  <div className="changes-values">
    <Table label="Changed values" columns={COLUMNS} rows={patch} keyOf={({ op, path }) => `${op} ${path}`} />
  </div>
);
