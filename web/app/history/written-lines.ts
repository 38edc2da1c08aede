import type { DocumentAuthorsQuery } from '@candlefish/web-graphql/operations/history';
import type { ActorLike } from '../people.ts';

type Run = NonNullable<DocumentAuthorsQuery['document']>['attribution']['runs'][number];

/** A piece of a line that one actor wrote; null when it is not known who. */
export interface WrittenPiece {
  /** Tells pieces of a line apart. */
  readonly id: number;
  readonly text: string;
  readonly actor: ActorLike | null;
}

/** A line of a document: a line of text, a block, an item, a named value. */
export interface WrittenLine {
  /** Where it is, for telling lines apart. */
  readonly path: string;
  readonly pieces: readonly WrittenPiece[];
}

/** Who wrote what, as lines in the order of the document. Marks, attributes and containers are left out. */
export function writtenLines(runs: readonly Run[], contentType: string): readonly WrittenLine[] {
  if (contentType === 'application/json') {
    return runs
      .filter(({ path }) => path.length > 1)
      .map(({ path, text, actor }) => ({
        path: path.join('/'),
        pieces: [{ id: 0, text: text ?? path.slice(1).join(' › '), actor }],
      }));
  }
  const byPath = new Map<string, WrittenPiece[]>();
  for (const { path, text, actor } of runs) {
    if (text === null) continue;
    const key = path.join('/');
    const pieces = byPath.get(key) ?? [];
    pieces.push({ id: pieces.length, text, actor });
    byPath.set(key, pieces);
  }
  return Array.from(byPath, ([path, pieces]) => ({ path, pieces }));
}

/** Everybody who wrote a piece, in the order in which they come first, with the characters they wrote. */
export function authorsOf(
  lines: readonly WrittenLine[],
): readonly { readonly actor: ActorLike; readonly chars: number }[] {
  const byId = new Map<string, { actor: ActorLike; chars: number }>();
  for (const { text, actor } of lines.flatMap(({ pieces }) => pieces)) {
    if (actor === null) continue;
    const known = byId.get(actor.id);
    if (known === undefined) byId.set(actor.id, { actor, chars: text.length });
    else known.chars += text.length;
  }
  return [...byId.values()];
}
