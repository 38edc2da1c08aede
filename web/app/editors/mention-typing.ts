import { Extension } from '@tiptap/core';
import { type EditorState, Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { mentionAt } from '../mentions/mention-text.ts';
import type { OnKey } from '../mentions/use-picker.ts';

/** A mention that is typed in rich text. */
export interface TypedMention {
  readonly search: string;
  /** From the `@` to the caret. */
  readonly from: number;
  readonly to: number;
  /** Where the `@` is in the window, px. */
  readonly left: number;
  readonly bottom: number;
}

/** Who is told what is typed, and asked about keys. */
export interface MentionTypingHandlers {
  typed(mention: TypedMention | null): void;
  readonly key: OnKey;
}

/** Above the keys of lists and tables, which take Enter, Tab and arrows too. */
const PRIORITY = 1_000;

/** Tells of mentions as they are typed. */
export const mentionTyping = (handlers: MentionTypingHandlers) =>
  Extension.create({
    name: 'mentionTyping',
    priority: PRIORITY,
    addProseMirrorPlugins: () => [
      new Plugin({
        props: { handleKeyDown: (_view, { key }) => handlers.key(key) },
        view: () => ({
          update: (view, before) => {
            if (view.state.selection !== before.selection || view.state.doc !== before.doc)
              handlers.typed(typedIn(view));
          },
          destroy: () => handlers.typed(null),
        }),
      }),
    ],
  });

function typedIn(view: EditorView): TypedMention | null {
  if (!view.editable || !view.hasFocus()) return null;
  const before = textBeforeCaret(view.state);
  const query = before === null ? null : mentionAt(before);
  if (query === null) return null;
  const { from: to } = view.state.selection;
  const from = to - query.search.length - 1;
  const { left, bottom } = view.coordsAtPos(from);
  return { search: query.search, from, to, left, bottom };
}

/** Null where something is selected, and in code, which holds no mentions. */
function textBeforeCaret({ selection: { empty, $from } }: EditorState): string | null {
  if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code === true) return null;
  // Nodes in the line count one, as places do.
  return $from.parent.textBetween(0, $from.parentOffset, '\n', '\u{fffc}');
}
