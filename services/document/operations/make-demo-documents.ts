import type { DocumentCtx } from '../ctx.ts';
import { CHECKLIST, type ContentType, RICH_TEXT } from '../domain/content-types.ts';
import type { Operation } from '../domain/operation.ts';
import type { RichNode } from '../domain/rich-text.ts';
import { collaborate } from './collaborate.ts';
import { createDocument } from './create-document.ts';
import { listDocuments } from './list-documents.ts';

interface DemoDocument {
  readonly title: string;
  readonly contentType: ContentType;
  readonly operations: readonly Operation[];
  readonly contentSchema?: Readonly<Record<string, unknown>>;
}

/** A person's words in rich text. */
const words = (text: string, ...marks: readonly string[]): RichNode => ({
  type: 'text',
  text,
  ...(marks.length === 0 ? {} : { marks: marks.map((type) => ({ type })) }),
});
const line = (...content: readonly RichNode[]): RichNode => ({ type: 'paragraph', content });
const row = (type: 'tableHeader' | 'tableCell', ...cells: readonly string[]): RichNode => ({
  type: 'tableRow',
  content: cells.map((cell) => ({ type, content: [line(words(cell))] })),
});
const task = (checked: boolean, text: string): RichNode => ({
  type: 'taskItem',
  attrs: { checked },
  content: [line(words(text))],
});

const OFFER: readonly RichNode[] = [
  { type: 'heading', attrs: { level: 1 }, content: [words('Offer: Harbour Street 12')] },
  line(words('For the '), words('living room and the hall', 'bold'), words(', two coats of low-odour paint.')),
  { type: 'heading', attrs: { level: 2 }, content: [words('Paint and hours')] },
  {
    type: 'table',
    content: [
      row('tableHeader', 'Room', 'Walls', 'Paint', 'Hours'),
      row('tableCell', 'Living room', '64 m²', 'white matt, 14 l', '11'),
      row('tableCell', 'Hall', '28 m²', 'harbour blue, 6 l', '6'),
    ],
  },
  { type: 'heading', attrs: { level: 2 }, content: [words('Before we begin')] },
  {
    type: 'taskList',
    content: [
      task(true, 'Colour sample on the wall by the door'),
      task(false, 'Furniture away from the walls'),
      task(false, 'A place for the dog'),
    ],
  },
  { type: 'blockquote', content: [line(words('The blue door stays as it is.', 'italic'))] },
];

const start = { path: ['content'], at: { index: 0 }, attributes: null } as const;

/** Invented documents of an invented company. */
const DEMO_DOCUMENTS: readonly DemoDocument[] = [
  {
    title: 'Harbour Street 12: what the customer wants (demo)',
    contentType: 'text/markdown',
    operations: [
      {
        kind: 'textInsert',
        ...start,
        text: '# Harbour Street 12\n\n- Living room and hall, two coats, low odour\n- Keep the blue door\n- Start after the 14th; the dog stays at home\n',
      },
    ],
  },
  {
    title: 'Crew notes, week 48 (demo)',
    contentType: 'text/plain',
    operations: [
      { kind: 'textInsert', ...start, text: 'Monday: primer at Harbour Street.\nTuesday: rain, indoor work only.\n' },
    ],
  },
  {
    title: 'Paint on the shelf (demo)',
    contentType: 'application/json',
    operations: [
      { kind: 'mapSet', path: ['data'], key: 'white matt, 10 l', value: 7, ifAbsent: false },
      { kind: 'mapSet', path: ['data'], key: 'harbour blue, 2.5 l', value: 3, ifAbsent: false },
    ],
    contentSchema: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
  },
  {
    title: 'Offer for Harbour Street 12 (demo)',
    contentType: RICH_TEXT,
    operations: [{ kind: 'arrayInsert', path: ['default'], index: 0, values: OFFER }],
  },
  {
    title: 'Van 2, Monday morning (demo)',
    contentType: CHECKLIST,
    operations: [
      {
        kind: 'arrayInsert',
        path: ['items'],
        index: 0,
        values: [
          { text: 'Ladders, 3 m and 5 m', done: true },
          { text: 'Masking tape, 12 rolls' },
          { text: 'Dust sheets for the stairs' },
          { text: 'Keys from the office', done: true },
        ],
      },
    ],
  },
];

/** Writes the invented documents of the demo tenant, unless it has documents already. */
export async function makeDemoDocuments(ctx: DocumentCtx): Promise<void> {
  const { rows } = await listDocuments(ctx, { first: 1 });
  if (rows.length > 0) return;
  for (const { title, contentType, contentSchema, operations } of DEMO_DOCUMENTS) {
    const { id } = await createDocument(ctx, { title, contentType, contentSchema });
    await collaborate(ctx, { id, operations, origin: 'rest' });
  }
}
