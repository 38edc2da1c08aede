import type { Element, ElementContent, Properties } from 'hast';
import { toHtml } from 'hast-util-to-html';
import { plainTextOf, type RichMark, type RichNode } from '../../domain/rich-text.ts';
import { isAllowedHref, isAllowedSrc } from '../../domain/rich-text-schema.ts';

/**
 * Rich text as a page of HTML by itself: no script, nothing loaded but its images. All that is said in rich text is in it; an
 * editor or an import reads it back.
 */
export function richToHtml(doc: RichNode, title: string): string {
  const head = h('head', {}, [
    h('meta', { charSet: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('title', {}, [text(title)]),
    h('style', {}, [text(STYLE)]),
  ]);
  const page = h('html', {}, [head, h('body', {}, contentOf(doc))]);
  return `<!doctype html>\n${toHtml({ type: 'root', children: [page] }, { allowDangerousHtml: false })}\n`;
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse}td,th{border:1px solid #999;padding:.25rem .5rem}' +
  'ul[data-type=taskList]{list-style:none;padding-left:1rem}img{max-width:100%}' +
  'pre{background:#f4f4f4;padding:.75rem;overflow-x:auto}blockquote{border-left:3px solid #999;margin-left:0;padding-left:1rem}';

const h = (tagName: string, properties: Properties, children: ElementContent[] = []): Element => ({
  type: 'element',
  tagName,
  properties,
  children,
});
const text = (value: string): ElementContent => ({ type: 'text', value });
const contentOf = (node: RichNode): ElementContent[] => (node.content ?? []).flatMap(nodeOf);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const above = (value: unknown, usual: number): number | undefined =>
  typeof value === 'number' && value > usual ? value : undefined;

/** Only what is named here becomes an element. */
const SIMPLE: Readonly<Record<string, string>> = {
  paragraph: 'p',
  blockquote: 'blockquote',
  bulletList: 'ul',
  listItem: 'li',
  tableRow: 'tr',
};

function nodeOf(node: RichNode): readonly ElementContent[] {
  const { type, attrs = {} } = node;
  const simple = Object.hasOwn(SIMPLE, type) ? SIMPLE[type] : undefined;
  if (simple !== undefined) return [h(simple, {}, contentOf(node))];
  switch (type) {
    case 'text':
      return [runOf(node)];
    case 'heading':
      return [h(`h${Math.min(Math.max(Number(attrs['level']) || 1, 1), 4)}`, {}, contentOf(node))];
    case 'orderedList':
      return [h('ol', { start: above(attrs['start'], 1) ?? (attrs['start'] === 0 ? 0 : undefined) }, contentOf(node))];
    case 'taskList':
      return [h('ul', { dataType: 'taskList' }, contentOf(node))];
    case 'taskItem': {
      const checked = attrs['checked'] === true;
      const box = h('input', { type: 'checkbox', disabled: true, checked });
      return [h('li', { dataType: 'taskItem', dataChecked: String(checked) }, [box, ...contentOf(node)])];
    }
    case 'codeBlock': {
      const language = textOf(attrs['language']);
      const className = language === undefined ? undefined : [`language-${language.replaceAll(/\s/g, '-')}`];
      return [h('pre', {}, [h('code', { className }, [text(plainTextOf(node))])])];
    }
    case 'table':
      return [h('table', {}, [h('tbody', {}, contentOf(node))])];
    default:
      return leafOf(node);
  }
}

function leafOf(node: RichNode): readonly ElementContent[] {
  const { type, attrs = {} } = node;
  switch (type) {
    case 'tableCell':
    case 'tableHeader': {
      const properties = {
        colSpan: above(attrs['colspan'], 1),
        rowSpan: above(attrs['rowspan'], 1),
        align: textOf(attrs['align']),
      };
      return [h(type === 'tableHeader' ? 'th' : 'td', properties, contentOf(node))];
    }
    case 'horizontalRule':
      return [h('hr', {})];
    case 'hardBreak':
      return [h('br', {})];
    case 'image': {
      const src = textOf(attrs['src']) ?? '';
      if (!isAllowedSrc(src)) return [];
      return [h('img', { src, alt: textOf(attrs['alt']) ?? '', title: textOf(attrs['title']) })];
    }
    case 'mention': {
      const properties = { dataType: 'mention', dataId: textOf(attrs['id']), dataLabel: textOf(attrs['label']) };
      return [h('span', properties, [text(plainTextOf(node))])];
    }
    default:
      return [];
  }
}

const MARKS: Readonly<Record<string, string>> = {
  bold: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  code: 'code',
  highlight: 'mark',
};

function runOf({ text: value = '', marks = [] }: RichNode): ElementContent {
  return marks.toReversed().reduce((inner, mark) => markOf(mark, inner), text(value));
}

function markOf(mark: RichMark, inner: ElementContent): ElementContent {
  if (mark.type === 'link') {
    const href = textOf(mark.attrs?.['href']) ?? '';
    if (!isAllowedHref(href)) return inner;
    return h('a', { href, rel: ['noopener', 'noreferrer', 'nofollow'], title: textOf(mark.attrs?.['title']) }, [inner]);
  }
  const tag = Object.hasOwn(MARKS, mark.type) ? MARKS[mark.type] : undefined;
  return tag === undefined ? inner : h(tag, {}, [inner]);
}
