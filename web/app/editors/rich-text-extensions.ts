import { Extension, Mark, mergeAttributes, Node } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Image } from '@tiptap/extension-image';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { TableKit } from '@tiptap/extension-table';
import { Placeholder } from '@tiptap/extensions';
import { StarterKit } from '@tiptap/starter-kit';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { CommentedRichText } from './commented-rich-text.ts';
import { caretElement, remoteUser, selectionStyle } from './remote-caret.ts';

/** Headings go down to this level, as in the schema of the document service. */
const HEADING_LEVELS = [1, 2, 3, 4] as const;

const Highlight = Mark.create({
  name: 'highlight',
  parseHTML: () => [{ tag: 'mark' }],
  renderHTML: ({ HTMLAttributes }) => ['mark', HTMLAttributes, 0],
  addKeyboardShortcuts() {
    return { 'Mod-Shift-h': () => this.editor.commands.toggleMark(this.name) };
  },
});

/** A person who is spoken of. */
const Mention = Node.create({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: () => ({ id: { default: null }, label: { default: null }, mentionSuggestionChar: { default: '@' } }),
  parseHTML: () => [{ tag: 'span[data-type="mention"]' }],
  renderHTML: ({ node, HTMLAttributes }) => [
    'span',
    mergeAttributes({ 'data-type': 'mention', class: 'mention' }, HTMLAttributes),
    `${String(node.attrs['mentionSuggestionChar'])}${String(node.attrs['label'] ?? node.attrs['id'])}`,
  ],
});

/** Carets and selections of the others. */
const carets = (awareness: Awareness) =>
  Extension.create({
    name: 'remoteCarets',
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, {
        cursorBuilder: (_user: unknown, clientId: number) =>
          caretElement(remoteUser(awareness.getStates().get(clientId)) ?? NOBODY),
        selectionBuilder: (_user: unknown, clientId: number) => ({
          style: selectionStyle(remoteUser(awareness.getStates().get(clientId)) ?? NOBODY),
        }),
      }),
    ],
  });

const NOBODY = { id: '', name: '…' } as const;

/** Everything that rich text of the platform may hold; what an editor does not know it would delete. */
export const richTextExtensions = (doc: Y.Doc, awareness: Awareness) => [
  StarterKit.configure({
    heading: { levels: [...HEADING_LEVELS] },
    // The CRDT has a history of its own.
    undoRedo: false,
    // It would write into every document that is only looked at.
    trailingNode: false,
    link: { openOnClick: false, autolink: true, defaultProtocol: 'https' },
  }),
  Highlight,
  Mention,
  TaskList,
  TaskItem.configure({ nested: true }),
  TableKit.configure({ table: { resizable: false } }),
  Image,
  Placeholder.configure({ placeholder: 'Begin to write …' }),
  Collaboration.configure({ document: doc }),
  CommentedRichText,
  carets(awareness),
];
