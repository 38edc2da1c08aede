import { type Extension, type Range, RangeSet } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { caretElement, type RemoteUser, remoteUser, selectionStyle } from './remote-caret.ts';

class Caret extends WidgetType {
  readonly user: RemoteUser;

  constructor(user: RemoteUser) {
    super();
    this.user = user;
  }

  override eq(other: Caret): boolean {
    return other.user.id === this.user.id && other.user.name === this.user.name;
  }

  override toDOM(): HTMLElement {
    return caretElement(this.user);
  }
}

/** A selection that moves with the text, as awareness carries it. */
interface SharedSelection {
  readonly anchor: unknown;
  readonly head: unknown;
}

const hasSelection = (state: Readonly<Record<string, unknown>>): state is { readonly cursor: SharedSelection } =>
  typeof state['cursor'] === 'object' && state['cursor'] !== null;

/** Shows where the others are in a text and what they have selected, and tells them the same of this editor. */
export function remoteSelections(text: Y.Text, awareness: Awareness): Extension {
  class Plugin {
    decorations: DecorationSet;
    readonly #view: EditorView;
    readonly #onChange = (_change: unknown, origin: unknown): void => {
      // What this editor tells of itself is drawn by the browser already. An empty transaction draws anew.
      if (origin !== 'local') this.#view.dispatch({});
    };

    constructor(view: EditorView) {
      this.#view = view;
      this.decorations = this.#draw();
      awareness.on('change', this.#onChange);
    }

    update({ view, selectionSet, docChanged, focusChanged }: ViewUpdate): void {
      if (selectionSet || docChanged || focusChanged) tell(view);
      this.decorations = this.#draw();
    }

    destroy(): void {
      awareness.off('change', this.#onChange);
      awareness.setLocalStateField('cursor', null);
    }

    #draw(): DecorationSet {
      const ranges: Range<Decoration>[] = [];
      for (const [clientId, state] of awareness.getStates()) {
        const user = remoteUser(state);
        if (clientId === awareness.clientID || user === null || !hasSelection(state)) continue;
        const [anchor, head] = [placeOf(state.cursor.anchor), placeOf(state.cursor.head)];
        if (anchor === null || head === null) continue;
        const length = this.#view.state.doc.length;
        const from = Math.min(anchor, head, length);
        const to = Math.min(Math.max(anchor, head), length);
        if (from < to) ranges.push(Decoration.mark({ attributes: { style: selectionStyle(user) } }).range(from, to));
        ranges.push(
          Decoration.widget({ widget: new Caret(user), side: head < anchor ? -1 : 1 }).range(Math.min(head, length)),
        );
      }
      return RangeSet.of(ranges, true);
    }
  }

  const placeOf = (json: unknown): number | null => {
    if (text.doc === null) return null;
    const place = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), text.doc);
    return place?.type === text ? place.index : null;
  };

  const tell = (view: EditorView): void => {
    const { anchor, head } = view.state.selection.main;
    // A view that is drawn may be ahead of the text by the change that is on its way into it.
    queueMicrotask(() => {
      if (text.doc === null) return;
      const place = (index: number) =>
        Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, Math.min(index, text.length)));
      awareness.setLocalStateField('cursor', view.hasFocus ? { anchor: place(anchor), head: place(head) } : null);
    });
  };

  return ViewPlugin.fromClass(Plugin, { decorations: (plugin) => plugin.decorations });
}
