import type { ChecklistItem } from '../../domain/checklist.ts';
import { CHECKLIST, type ContentType, RICH_TEXT } from '../../domain/content-types.ts';
import type { RichNode } from '../../domain/rich-text.ts';
import { markdownToRich } from './markdown-to-rich.ts';
import { paragraph, textRun } from './rich-blocks.ts';

/** A content of any type as rich text, for forms that show it. */
export function contentAsRich(contentType: ContentType, roots: Readonly<Record<string, unknown>>): RichNode {
  switch (contentType) {
    case RICH_TEXT:
      return roots['default'] as RichNode;
    case 'text/markdown':
      return markdownToRich(String(roots['content'] ?? ''));
    case CHECKLIST:
      return { type: 'doc', content: taskList(roots['items'] as readonly ChecklistItem[]) };
    case 'application/json':
      return { type: 'doc', content: [codeBlock(JSON.stringify(roots['data'] ?? {}, null, 2))] };
    case 'text/plain':
      return { type: 'doc', content: lines(String(roots['content'] ?? '')) };
  }
}

const lines = (text: string): readonly RichNode[] => text.split('\n').map((line) => paragraph(textRun(line, [])));

const codeBlock = (text: string): RichNode => ({
  type: 'codeBlock',
  attrs: { language: 'json' },
  content: textRun(text, []),
});

const taskList = (items: readonly ChecklistItem[]): readonly RichNode[] =>
  items.length === 0
    ? []
    : [
        {
          type: 'taskList',
          content: items.map(({ text, done }) => ({
            type: 'taskItem',
            attrs: { checked: done },
            content: [paragraph(textRun(text, []))],
          })),
        },
      ];
