import { type Company, insertNodes, insertText, paragraph } from './company.ts';

interface Sample {
  readonly title: string;
  readonly contentType: string;
  /** What Ada writes into it. */
  readonly operations?: readonly unknown[];
  /** What a program writes after her. */
  readonly program?: readonly unknown[];
}

const SAMPLES: readonly Sample[] = [
  {
    title: 'Price list 2027',
    contentType: 'application/json',
    operations: [
      { mapSet: { path: ['data'], key: 'Emulsion, white', value: 41.5 } },
      { mapSet: { path: ['data'], key: 'Hourly rate', value: 58 } },
      { mapSet: { path: ['data'], key: 'Valid until', value: '2027-12-31' } },
    ],
    program: [
      { mapSet: { path: ['data'], key: 'Hourly rate', value: 61.5 } },
      { mapSet: { path: ['data'], key: 'Primer', value: 22 } },
    ],
  },
  {
    title: 'Minutes of Monday',
    contentType: 'text/markdown',
    operations: [
      insertText(
        '# Minutes\n\nAda, Bob and the *site manager* of **Elm Street 4**.\n\n- scaffolding comes on Tuesday\n- see <https://example.com>\n\n> No paint below 5 °C.\n\nOrder `RAL 7035`.\n',
      ),
    ],
    program: [insertText('Or `RAL 9010`, says the architect.\n')],
  },
  {
    title: 'How we prepare walls of old plaster before the first coat, and what we tell the owner about it',
    contentType: 'text/markdown',
  },
  { title: 'Über Grundierungen und Öle', contentType: 'text/plain' },
  {
    title: 'Spring',
    contentType: 'application/vnd.candlefish.checklist',
    operations: [
      {
        arrayInsert: {
          path: ['items'],
          index: 0,
          values: [{ text: 'Wash the brushes', done: true }, { text: 'Order primer for Elm Street' }],
        },
      },
    ],
    program: [{ arrayInsert: { path: ['items'], index: 2, values: [{ text: 'Return the ladder' }] } }],
  },
  {
    title: 'Handbook',
    contentType: 'application/vnd.candlefish.richtext',
    operations: [
      insertNodes(
        0,
        { type: 'heading', attrs: { level: 1 }, content: [{ type: 'text', text: 'Before the first coat' }] },
        paragraph('Old plaster drinks. Prime it, and give the primer a night.'),
        { type: 'blockquote', content: [paragraph('A wall that is dry to the hand is not dry.')] },
        {
          type: 'taskList',
          content: [
            { type: 'taskItem', attrs: { checked: true }, content: [paragraph('Fill the cracks')] },
            { type: 'taskItem', attrs: { checked: false }, content: [paragraph('Sand, and wipe the dust off')] },
          ],
        },
        {
          type: 'table',
          content: [
            ['Ground', 'Primer'],
            ['Plaster', 'Deep primer'],
            ['Wood', 'Oil'],
          ].map((row, index) => ({
            type: 'tableRow',
            content: row.map((text) => ({
              type: index === 0 ? 'tableHeader' : 'tableCell',
              content: [paragraph(text)],
            })),
          })),
        },
      ),
    ],
  },
];

/** Makes the documents that the pages show: with writers, a version, a comment, and a branch that both sides have changed. */
export async function furnish(company: Company): Promise<void> {
  const { ada, network } = company;
  const key = { name: 'Prices', scopes: ['document:read', 'document:update'] };
  const { body } = await ada.api.post('/api/v1/api-keys', key);
  const program = network.api.withKey((body as { readonly key: string }).key);
  for (const { title, contentType, operations, program: later } of SAMPLES) {
    const id = await company.create(title, contentType);
    if (operations !== undefined) await company.edit(id, ...operations);
    if (later !== undefined) await program.post(`/api/v1/documents/${id}/collaborate`, { operations: later });
    if (title === 'Handbook') await furnishHandbook(company, id);
  }
}

async function furnishHandbook(company: Company, id: string): Promise<void> {
  const { ada, edit } = company;
  const ask = (text: string) => ada.api.graphql(text, { id });
  const line = (text: string) => ({ textInsert: { path: ['default', 1], at: { index: 0 }, text } });
  await ask('mutation ($id: ID!) { createDocumentVersion(documentId: $id, name: "First draft") { id } }');
  const made = await ask(
    'mutation ($id: ID!) { createDocumentBranch(documentId: $id, title: "Handbook, shorter") { id } }',
  );
  const { createDocumentBranch: branch } = made.data as { readonly createDocumentBranch: { readonly id: string } };
  await edit(id, line('Mark this: '), insertNodes(2, paragraph('Tell the owner so.')));
  await edit(branch.id, line('In short: '));
  await ask('mutation ($id: ID!) { beginCommentThread(documentId: $id, input: { body: "Is this still so?" }) { id } }');
}
