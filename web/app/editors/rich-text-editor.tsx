import { EditorContent, useEditor } from '@tiptap/react';
import { useEffect, useRef, useState } from 'react';
import type { OnKey } from '../mentions/use-picker.ts';
import { highlightsKey } from './commented-rich-text.ts';
import type { EditorProps } from './editor-props.ts';
import { mentionTyping, type TypedMention } from './mention-typing.ts';
import { richTextExtensions } from './rich-text-extensions.ts';
import { RichTextMentions } from './rich-text-mentions.tsx';
import { RichTextToolbar } from './rich-text-toolbar.tsx';

const EMPTY = { type: 'doc', content: [{ type: 'paragraph' }] };

/** Text with formatting. `@` mentions people. */
export function RichTextEditor({ documentId, live, mayEdit, highlights, label }: EditorProps) {
  const [typed, setTyped] = useState<TypedMention | null>(null);
  const keys = useRef<OnKey>(() => false);
  const editor = useEditor(
    {
      extensions: [
        ...richTextExtensions(live.doc, live.awareness),
        mentionTyping({ typed: setTyped, key: (key) => keys.current(key) }),
      ],
      // Shown until the document's own content takes its place; as JSON, for text would be read as HTML.
      content: EMPTY,
      // The style sheet of this page has the rules; none are put into the document at run time.
      injectCSS: false,
      editable: mayEdit,
      editorProps: { attributes: { 'aria-label': label, 'aria-multiline': 'true', role: 'textbox', class: 'prose' } },
    },
    [live],
  );
  useEffect(() => {
    if (editor.isEditable !== mayEdit) editor.setEditable(mayEdit);
  }, [editor, mayEdit]);
  useEffect(() => {
    editor.view.dispatch(editor.state.tr.setMeta(highlightsKey, highlights));
  }, [editor, highlights]);
  return (
    <>
      {mayEdit && <RichTextToolbar editor={editor} />}
      <EditorContent editor={editor} className="sheet" />
      {documentId !== null && mayEdit && (
        <RichTextMentions editor={editor} documentId={documentId} typed={typed} keys={keys} />
      )}
    </>
  );
}
