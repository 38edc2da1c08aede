import type { MergePreviewQuery } from '@candlefish/web-graphql/operations/changes';
import { placeOf, shownValue } from '../changes/value-words.ts';

type Conflict = MergePreviewQuery['documentMergePreview']['conflicts'][number];

const SIDES = [
  { side: 'base', name: 'Before' },
  { side: 'ours', name: 'In the main document' },
  { side: 'theirs', name: 'In the branch' },
] as const;

/** Places that both sides changed. A merge keeps both changes; whoever merges looks at them. */
export const ConflictList = ({ conflicts }: { readonly conflicts: readonly Conflict[] }) => {
  // Conflicts have no ids, and come in the order of the document.
  const rows = conflicts.map((conflict, id) => ({ id, conflict }));
  return (
    <>
      <p className="changes-none">
        Both sides wrote here. Merging keeps what both wrote; read these places afterwards, or change the branch first.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard has to reach. */}
      <section className="conflicts" aria-label="Places changed by both" tabIndex={0}>
        <ol>
          {rows.map(({ id, conflict }) => (
            <li key={id} className="conflict">
              {conflict.path !== '' && <p className="conflict-place">{placeOf(conflict.path)}</p>}
              <dl>
                {SIDES.map(({ side, name }) => (
                  <div key={side}>
                    <dt>{name}</dt>
                    <dd>{shown(conflict[side])}</dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
};

const shown = (value: unknown) =>
  value === null || value === undefined || value === '' ? <span className="faint">nothing</span> : shownValue(value);
