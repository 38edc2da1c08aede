import { Avatar, colourOf, EmptyState, Skeleton } from '@candlefish/ui';
import { PenLine } from 'lucide-react';
import { explain } from '../explain.ts';
import { actorKey, actorName } from '../people.ts';
import { useAuthors } from './queries.ts';
import { authorsOf, type WrittenPiece, writtenLines } from './written-lines.ts';

/** What the view takes. */
export interface AuthorsViewProps {
  readonly documentId: string;
  readonly contentType: string;
}

/** Who wrote what of the content as it is saved. */
export function AuthorsView({ documentId, contentType }: AuthorsViewProps) {
  const { data, error } = useAuthors(documentId);
  if (error !== null && data === undefined) return <p className="form-error">{explain(error)}</p>;
  if (data?.document === undefined || data.document === null) return <Skeleton width="80%" />;
  const { runs, isComplete } = data.document.attribution;
  const lines = writtenLines(runs, contentType);
  if (lines.length === 0) {
    return <EmptyState icon={<PenLine />} title="Nothing written yet" text="Whoever writes appears here." />;
  }
  return (
    <>
      <ul className="authors" aria-label="Authors">
        {authorsOf(lines).map(({ actor, chars }) => (
          <li key={actor.id} className="author">
            <Avatar id={actorKey(actor)} name={actor.user?.email ?? actor.kind} />
            <span className="authors-name">{actorName(actor)}</span>
            <span className="faint">{chars} characters</span>
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard has to reach. */}
      <section className="written" aria-label="Who wrote what" tabIndex={0}>
        {lines.map(({ path, pieces }) => (
          <p key={path}>
            {pieces.map((piece) => (
              <Piece key={piece.id} piece={piece} />
            ))}
          </p>
        ))}
      </section>
      {!isComplete && <p className="faint">The beginning of it: the document is too long to show all of it here.</p>}
    </>
  );
}

function Piece({ piece: { text, actor } }: { readonly piece: WrittenPiece }) {
  if (actor === null) return <span>{text}</span>;
  return (
    <span className="written-piece" style={{ borderColor: colourOf(actorKey(actor)) }} title={actorName(actor)}>
      <span className="visually-hidden">{actorName(actor)}: </span>
      {text}
    </span>
  );
}
