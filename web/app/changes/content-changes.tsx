import type { RootChangesFragment, SideChangesFragment } from '@candlefish/web-graphql/operations/changes';
import { BlockChanges } from './block-changes.tsx';
import './changes.css';
import { TextChanges } from './text-changes.tsx';
import { ValueChanges } from './value-changes.tsx';

/** What the comparison takes. */
export interface ContentChangesProps {
  readonly changes: SideChangesFragment;
  /** Read out as what is compared. */
  readonly label: string;
  /** Said when both are the same. */
  readonly nothing: string;
}

/** Whether a comparison shows any change. */
export const hasChanges = ({ roots }: SideChangesFragment): boolean => roots.some(rootHasChanges);

const rootHasChanges = ({ parts, blocks, patch }: RootChangesFragment): boolean =>
  (parts ?? []).some(({ kind }) => kind !== 'equal') ||
  (blocks ?? []).some(({ kind }) => kind !== 'equal') ||
  (patch ?? []).length > 0;

/** How one content became another, readable for every kind of document. */
export const ContentChanges = ({ changes, label, nothing }: ContentChangesProps) =>
  hasChanges(changes) ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard has to reach.
    <section className="changes" aria-label={label} tabIndex={0}>
      {changes.isCoarse && <p className="changes-coarse">Too much has changed to show it piece by piece.</p>}
      {changes.roots.map((root) => (
        <RootChanges key={root.root} root={root} />
      ))}
    </section>
  ) : (
    <p className="changes-none">{nothing}</p>
  );

function RootChanges({ root: { parts, blocks, patch } }: { readonly root: RootChangesFragment }) {
  if (parts !== null) return <TextChanges parts={parts} />;
  // A checklist has a patch too, which says the same for programs.
  if (blocks !== null) return <BlockChanges blocks={blocks} />;
  return patch === null ? null : <ValueChanges patch={patch} />;
}
