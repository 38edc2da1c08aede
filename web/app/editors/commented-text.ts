import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import * as Y from 'yjs';
import { bytesOf, HIGHLIGHT_CLASS, type Highlight } from './highlight.ts';

/** Shows other pieces as commented on. */
export const showHighlights = StateEffect.define<readonly Highlight[]>();

const MARK = Decoration.mark({ class: HIGHLIGHT_CLASS });

/** Sets the pieces of a text off that threads are about; they move with the text. */
export const commentedText = (text: Y.Text): Extension =>
  StateField.define({
    create: () => Decoration.none,
    update(marks, { changes, effects }) {
      const shown = effects.find((effect) => effect.is(showHighlights));
      return shown === undefined
        ? marks.map(changes)
        : RangeSet.of(
            shown.value.flatMap((one) => rangeOf(text, one)),
            true,
          );
    },
    provide: (field) => EditorView.decorations.from(field),
  });

function rangeOf(text: Y.Text, { start, end }: Highlight) {
  const [from, to] = [placeOf(text, start), placeOf(text, end)];
  return from === null || to === null || from >= to ? [] : [MARK.range(from, to)];
}

function placeOf(text: Y.Text, encoded: string): number | null {
  if (text.doc === null) return null;
  const position = Y.decodeRelativePosition(bytesOf(encoded));
  const place = Y.createAbsolutePositionFromRelativePosition(position, text.doc);
  return place?.type === text ? place.index : null;
}
