import { Tool, Toolbar, ToolLine } from '@candlefish/ui';
import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import {
  Bold,
  Code,
  Heading1,
  Heading2,
  Heading3,
  Highlighter,
  Italic,
  List,
  ListChecks,
  ListOrdered,
  Quote,
  Redo2,
  SquareCode,
  Strikethrough,
  Table,
  Undo2,
} from 'lucide-react';
import type { ReactNode } from 'react';

type Chain = ReturnType<Editor['chain']>;

interface ToolSpec {
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: (chain: Chain) => Chain;
  /** Name, and attributes, of the node or mark that shows it in force. */
  readonly active?: readonly [string, Readonly<Record<string, unknown>>?];
}

const TABLE_SIZE = { rows: 3, cols: 3, withHeaderRow: true } as const;

const GROUPS: readonly (readonly ToolSpec[])[] = [
  [
    {
      label: 'Heading',
      icon: <Heading1 aria-hidden />,
      run: (chain) => chain.toggleHeading({ level: 1 }),
      active: ['heading', { level: 1 }],
    },
    {
      label: 'Subheading',
      icon: <Heading2 aria-hidden />,
      run: (chain) => chain.toggleHeading({ level: 2 }),
      active: ['heading', { level: 2 }],
    },
    {
      label: 'Small heading',
      icon: <Heading3 aria-hidden />,
      run: (chain) => chain.toggleHeading({ level: 3 }),
      active: ['heading', { level: 3 }],
    },
  ],
  [
    { label: 'Bold', icon: <Bold aria-hidden />, run: (chain) => chain.toggleBold(), active: ['bold'] },
    { label: 'Italic', icon: <Italic aria-hidden />, run: (chain) => chain.toggleItalic(), active: ['italic'] },
    {
      label: 'Struck out',
      icon: <Strikethrough aria-hidden />,
      run: (chain) => chain.toggleStrike(),
      active: ['strike'],
    },
    {
      label: 'Highlight',
      icon: <Highlighter aria-hidden />,
      run: (chain) => chain.toggleMark('highlight'),
      active: ['highlight'],
    },
    { label: 'Code', icon: <Code aria-hidden />, run: (chain) => chain.toggleCode(), active: ['code'] },
  ],
  [
    { label: 'List', icon: <List aria-hidden />, run: (chain) => chain.toggleBulletList(), active: ['bulletList'] },
    {
      label: 'Numbered list',
      icon: <ListOrdered aria-hidden />,
      run: (chain) => chain.toggleOrderedList(),
      active: ['orderedList'],
    },
    { label: 'Tasks', icon: <ListChecks aria-hidden />, run: (chain) => chain.toggleTaskList(), active: ['taskList'] },
    { label: 'Quote', icon: <Quote aria-hidden />, run: (chain) => chain.toggleBlockquote(), active: ['blockquote'] },
    {
      label: 'Block of code',
      icon: <SquareCode aria-hidden />,
      run: (chain) => chain.toggleCodeBlock(),
      active: ['codeBlock'],
    },
    { label: 'Table', icon: <Table aria-hidden />, run: (chain) => chain.insertTable(TABLE_SIZE) },
  ],
];

const isInForce = (editor: Editor, { active }: ToolSpec): boolean =>
  active !== undefined && editor.isActive(active[0], { ...active[1] });

/** Tools of rich text; what is in force where the caret stands is pressed. */
export function RichTextToolbar({ editor }: { readonly editor: Editor }) {
  const active = useEditorState({
    editor,
    selector: ({ editor: now }) => GROUPS.flat().map((tool) => isInForce(now, tool)),
  });
  const labels = GROUPS.flat().map(({ label }) => label);
  return (
    <Toolbar label="Formatting">
      <Tool label="Undo" icon={<Undo2 aria-hidden />} onUse={() => editor.commands.undo()} />
      <Tool label="Redo" icon={<Redo2 aria-hidden />} onUse={() => editor.commands.redo()} />
      {GROUPS.map((tools) => (
        <span key={tools[0]?.label} className="tools-group">
          <ToolLine />
          {tools.map(({ label, icon, run, active: shown }) => (
            <Tool
              key={label}
              label={label}
              icon={icon}
              onUse={() => run(editor.chain().focus()).run()}
              {...(shown === undefined ? {} : { isOn: active[labels.indexOf(label)] ?? false })}
            />
          ))}
        </span>
      ))}
    </Toolbar>
  );
}
