import { type SignedUp, type TestNetwork, testNetwork } from '@candlefish/testkit/network';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graveFindings } from '../support/axe.ts';
import { buildConsole } from '../support/built-console.ts';
import { launchChromium, withoutChromium } from '../support/chromium.ts';
import { keepScreenshot } from '../support/screenshots.ts';
import { signIn, visit } from '../support/visitor.ts';

const THEMES = ['light', 'dark'] as const;
/** A phone, a tablet, a small laptop, px. */
const WIDTHS = [360, 768, 1_280] as const;

/** A page of the console and how to tell that it is there. */
interface Stop {
  readonly name: string;
  /** Leads there. */
  readonly go: (page: Page) => Promise<unknown>;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();

/** Opens a document by its row, and waits until it is live. */
async function open(page: Page, title: string): Promise<void> {
  await page.goto('/documents');
  await page.getByRole('link', { name: title }).click();
  await page.locator('[data-status="saved"]').waitFor();
  await page.locator('.document-main .skeleton').first().waitFor({ state: 'detached' });
}

const OUTSIDE: readonly Stop[] = [
  { name: 'sign-in', go: (page) => page.goto('/sign-in').then(() => heading(page, 'Sign in')) },
  {
    name: 'sign-in-refused',
    async go(page) {
      await page.goto('/sign-in');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Enter your password.').waitFor();
    },
  },
  { name: 'sign-up', go: (page) => page.goto('/sign-up').then(() => heading(page, 'Create a company')) },
];

const INSIDE: readonly Stop[] = [
  { name: 'documents', go: (page) => page.goto('/documents').then(() => page.getByText('Price list 2027').waitFor()) },
  {
    name: 'documents-nothing-found',
    go: (page) => page.goto('/documents?q=zebra').then(() => page.getByText('Nothing matches').waitFor()),
  },
  {
    name: 'documents-create',
    async go(page) {
      await page.goto('/documents');
      await page.getByRole('button', { name: 'New document' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'documents-menu',
    async go(page) {
      await page.goto('/documents');
      await page.getByRole('button', { name: 'Actions for Price list 2027' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    },
  },
  {
    name: 'documents-delete',
    async go(page) {
      await page.goto('/documents');
      await page.getByRole('button', { name: 'Actions for Price list 2027' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  ...['Price list 2027', 'Minutes of Monday', 'Spring', 'Handbook'].map((title) => ({
    name: `document-${title.split(' ')[0]?.toLowerCase()}`,
    go: (page: Page) => open(page, title),
  })),
  {
    name: 'document-comments',
    async go(page) {
      await open(page, 'Handbook');
      await page.getByRole('button', { name: 'Comments' }).click();
      await page.getByText('Is this still so?').waitFor();
    },
  },
  {
    name: 'document-history',
    async go(page) {
      await open(page, 'Handbook');
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: /First draft/ }).waitFor();
    },
  },
  {
    name: 'document-version',
    async go(page) {
      await open(page, 'Handbook');
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: /First draft/ }).click();
      await page.getByRole('dialog').locator('.diff').waitFor();
    },
  },
  {
    name: 'document-share',
    async go(page) {
      await open(page, 'Handbook');
      await page.getByRole('button', { name: 'Share' }).click();
      await page.getByRole('tab', { name: 'Links' }).waitFor();
    },
  },
  {
    name: 'document-share-links',
    async go(page) {
      await open(page, 'Handbook');
      await page.getByRole('button', { name: 'Share' }).click();
      await page.getByRole('tab', { name: 'Links' }).click();
      await page.getByRole('button', { name: 'Create link' }).click();
      await page.getByLabel('The link, shown this once').waitFor();
    },
  },
  { name: 'settings', go: (page) => page.goto('/settings').then(() => heading(page, 'Settings')) },
  { name: 'not-found', go: (page) => page.goto('/documents/x/y/z').then(() => heading(page, 'Not found')) },
];

interface Sample {
  readonly title: string;
  readonly contentType: string;
  readonly operations?: readonly unknown[];
}

const insertText = (text: string) => ({ textInsert: { path: ['content'], at: { index: 0 }, text } });
const insertNodes = (...values: readonly unknown[]) => ({ arrayInsert: { path: ['default'], index: 0, values } });
const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });

const SAMPLES: readonly Sample[] = [
  {
    title: 'Price list 2027',
    contentType: 'application/json',
    operations: [
      { mapSet: { path: ['data'], key: 'Emulsion, white', value: 41.5 } },
      { mapSet: { path: ['data'], key: 'Hourly rate', value: 58 } },
      { mapSet: { path: ['data'], key: 'Valid until', value: '2027-12-31' } },
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
  },
  {
    title: 'Handbook',
    contentType: 'application/vnd.candlefish.richtext',
    operations: [
      insertNodes(
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

/** Makes the documents that the pages show. */
async function furnish({ api }: SignedUp): Promise<void> {
  for (const { title, contentType, operations } of SAMPLES) {
    const { id } = (await api.post('/api/v1/documents', { title, contentType })).body as { readonly id: string };
    const edit = async (list: readonly unknown[]): Promise<void> => {
      const answer = await api.post(`/api/v1/documents/${id}/collaborate`, { operations: list });
      expect([title, answer.status, answer.body]).toMatchObject([title, 200, {}]);
    };
    if (operations !== undefined) await edit(operations);
    if (title !== 'Handbook') continue;
    await api.graphql('mutation ($id: ID!) { createDocumentVersion(documentId: $id, name: "First draft") { id } }', {
      id,
    });
    await edit([{ arrayInsert: { path: ['default'], index: 2, values: [paragraph('Tell the owner so.')] } }]);
    await api.graphql(
      'mutation ($id: ID!) { beginCommentThread(documentId: $id, input: { body: "Is this still so?" }) { id } }',
      { id },
    );
  }
}

describe.skipIf(withoutChromium !== undefined)('pages', () => {
  let network: TestNetwork;
  let browser: Browser;
  let ada: SignedUp;

  beforeAll(async () => {
    buildConsole();
    network = await testNetwork();
    ada = await network.signUp('Ada & Sons Painting');
    await furnish(ada);
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await network?.close();
  });

  test.for(WIDTHS)('every page can be used and read in both themes at %d px', async (width) => {
    const { page, troubles, close } = await visit(browser, network.url, { theme: 'light', width });
    const findings: string[] = [];
    const look = async ({ name, go }: Stop): Promise<void> => {
      await go(page);
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme });
        await keepScreenshot(page, name, { theme, width });
        findings.push(...(await graveFindings(page)).map((finding) => `${name}, ${theme}: ${finding}`));
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) findings.push(`${name}: is ${overflow} px wider than the window`);
    };
    for (const stop of OUTSIDE) await look(stop);
    await signIn(page, ada.email, ada.password);
    for (const stop of INSIDE) await look(stop);
    expect(findings).toEqual([]);
    // Chromium logs the status of a page that is not there by itself.
    expect(troubles.filter((trouble) => !trouble.includes('status of 404'))).toEqual([]);
    await close();
  });
});
