import { Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { bytesOf, HIGHLIGHT_CLASS, type Highlight } from './highlight.ts';

/** Its meta on a transaction is the pieces to set off. */
export const highlightsKey = new PluginKey<readonly Highlight[]>('commented');

/** Sets the pieces of rich text off that threads are about. */
export const CommentedRichText = Extension.create({
  name: 'commentedRichText',
  addProseMirrorPlugins: () => [
    new Plugin<readonly Highlight[]>({
      key: highlightsKey,
      state: {
        init: () => [],
        apply: (transaction, shown) =>
          (transaction.getMeta(highlightsKey) as readonly Highlight[] | undefined) ?? shown,
      },
      props: {
        decorations: (state) =>
          DecorationSet.create(
            state.doc,
            (highlightsKey.getState(state) ?? []).flatMap((highlight) => decorationOf(state, highlight)),
          ),
      },
    }),
  ],
});

function decorationOf(state: EditorState, { start, end }: Highlight): readonly Decoration[] {
  const [from, to] = [placeOf(state, start), placeOf(state, end)];
  if (from === null || to === null || from >= to) return [];
  const size = state.doc.content.size;
  return [Decoration.inline(Math.min(from, size), Math.min(to, size), { class: HIGHLIGHT_CLASS })];
}

function placeOf(state: EditorState, encoded: string): number | null {
  const sync = ySyncPluginKey.getState(state);
  if (sync?.binding === undefined || sync.binding === null) return null;
  const position = Y.decodeRelativePosition(bytesOf(encoded));
  return relativePositionToAbsolutePosition(sync.doc, sync.type, position, sync.binding.mapping);
}
