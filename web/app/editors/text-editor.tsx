import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { defineLanguageFacet, HighlightStyle, Language, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { GFM, parser } from '@lezer/markdown';
import { useEffect, useRef } from 'react';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import * as Y from 'yjs';
import { styleNonce } from '../style-nonce.ts';
import { commentedText, showHighlights } from './commented-text.ts';
import type { EditorProps } from './editor-props.ts';
import { remoteSelections } from './remote-selections.ts';

/** Markdown alone: CodeMirror's own package of it brings the languages of code blocks along, 90 kB of them. */
const MARKDOWN = new Language(defineLanguageFacet(), parser.configure(GFM), [], 'markdown');

/** Colours of Markdown's marks; classes, so that both themes come from the style sheet. */
const MARKS = HighlightStyle.define([
  { tag: tags.heading, class: 'md-heading' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.emphasis, class: 'md-emphasis' },
  { tag: tags.strikethrough, class: 'md-struck' },
  { tag: [tags.link, tags.url], class: 'md-link' },
  { tag: tags.monospace, class: 'md-code' },
  { tag: tags.quote, class: 'md-quote' },
  { tag: tags.processingInstruction, class: 'md-mark' },
]);

/** What a text editor takes. */
export interface TextEditorProps extends EditorProps {
  readonly isMarkdown: boolean;
}

/** Plain text or Markdown. */
export function TextEditor({ live, mayEdit, highlights, label, isMarkdown }: TextEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const permission = useRef(new Compartment());
  const mayEditNow = useRef(mayEdit);
  mayEditNow.current = mayEdit;
  useEffect(() => {
    if (place.current === null) return undefined;
    const text = live.doc.getText('content');
    const undoManager = new Y.UndoManager(text);
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text.toString(),
        extensions: [
          EditorView.cspNonce.of(styleNonce()),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          permission.current.of(permissionOf(mayEditNow.current)),
          drawSelection(),
          placeholder('Begin to write …'),
          isMarkdown ? [MARKDOWN.extension, syntaxHighlighting(MARKS)] : [],
          keymap.of([...yUndoManagerKeymap, ...defaultKeymap, indentWithTab]),
          yCollab(text, null, { undoManager }),
          commentedText(text),
          remoteSelections(text, live.awareness),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
      undoManager.destroy();
    };
  }, [live, label, isMarkdown]);
  useEffect(() => {
    view.current?.dispatch({ effects: permission.current.reconfigure(permissionOf(mayEdit)) });
  }, [mayEdit]);
  useEffect(() => {
    const show = (): void => view.current?.dispatch({ effects: showHighlights.of(highlights) });
    show();
    // Places are found anew when the text changes, in the next frame: the editor may be in the middle of that change.
    let frame = 0;
    const showLater = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(show);
    };
    const text = live.doc.getText('content');
    text.observe(showLater);
    return () => {
      cancelAnimationFrame(frame);
      text.unobserve(showLater);
    };
  }, [live, highlights]);
  return <div ref={place} className={isMarkdown ? 'sheet sheet-text' : 'sheet sheet-text sheet-plain'} />;
}

const permissionOf = (mayEdit: boolean): Extension => [
  EditorState.readOnly.of(!mayEdit),
  EditorView.editable.of(mayEdit),
];
