import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import type { Operation } from '../domain/operation.ts';
import { collaborate } from './collaborate.ts';
import { createDocument } from './create-document.ts';
import { listDocuments } from './list-documents.ts';

interface DemoDocument {
  readonly title: string;
  readonly contentType: ContentType;
  readonly operations: readonly Operation[];
}

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
  },
];

/** Writes the invented documents of the demo tenant, unless it has documents already. */
export async function makeDemoDocuments(ctx: DocumentCtx): Promise<void> {
  const { rows } = await listDocuments(ctx, { first: 1 });
  if (rows.length > 0) return;
  for (const { title, contentType, operations } of DEMO_DOCUMENTS) {
    const { id } = await createDocument(ctx, { title, contentType });
    await collaborate(ctx, { id, operations, origin: 'rest' });
  }
}
