import { launchChromium } from '@candlefish/testkit/chromium';
import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import type { Browser, Page } from 'playwright-core';
import { buildConsole } from './built-console.ts';
import { signIn, type Visitor, visit } from './visitor.ts';

/** Somebody who can sign in. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** A platform, a company of two people on it, and a browser. */
export interface Company {
  readonly network: RunningNetwork;
  readonly browser: Browser;
  /** The owner. */
  readonly ada: SignedUp;
  /** Of the staff. */
  readonly bob: Member;
  /** Makes a document of Ada's and gives its id. */
  create(title: string, contentType: string, settings?: Readonly<Record<string, unknown>>): Promise<string>;
  /** One call of Ada's. */
  edit(id: string, ...operations: readonly unknown[]): Promise<void>;
  /** The text of a document as the API gives it. */
  textOf(id: string): Promise<string>;
  /** A browser of their own for somebody, signed in. @param url Where they reach the platform. */
  enter(who: Pick<Member, 'email' | 'password'>, url?: string): Promise<Visitor>;
  /** Closes the browser. */
  close(): Promise<void>;
}

/** Starts the browser, and signs the company up. */
export async function openCompany(): Promise<Company> {
  buildConsole();
  const [network, browser] = await Promise.all([sharedNetwork(), launchChromium()]);
  const ada = await network.signUp('Ada & Sons Painting');
  const account = { email: `bob.${Date.now()}@example.test`, password: 'correct horse battery staple' };
  const added = await ada.api.post('/api/v1/users', { ...account, role: 'staff' });
  const { id } = added.body as { readonly id: string };
  return {
    network,
    browser,
    ada,
    bob: { id, ...account },
    async create(title, contentType, settings = {}) {
      const made = await ada.api.post('/api/v1/documents', { title, contentType, ...settings });
      return (made.body as { readonly id: string }).id;
    },
    async edit(document, ...operations) {
      const { status, body } = await ada.api.post(`/api/v1/documents/${document}/collaborate`, { operations });
      if (status !== 200) throw new Error(`an edit was answered ${status}: ${JSON.stringify(body)}`);
    },
    textOf: async (document) =>
      ((await ada.api.get(`/api/v1/documents/${document}`)).body as { readonly text: string }).text,
    async enter({ email, password }, url = network.url) {
      const visitor = await visit(browser, url);
      await signIn(visitor.page, email, password);
      return visitor;
    },
    close: () => browser.close(),
  };
}

/** Opens a document as a link of the console does, without loading the console again, and waits until it is live. */
export async function open({ page }: Pick<Visitor, 'page'>, id: string, panel?: string): Promise<void> {
  const path = `/documents/${id}`;
  await page.evaluate(
    ([to, query]) => {
      // Another document is another element: the one before is marked, so that nobody takes it for the new one.
      if (location.pathname !== to) document.querySelector('.document')?.setAttribute('data-left', '');
      history.pushState(null, '', to + query);
    },
    [path, panel === undefined ? '' : `?panel=${panel}`] as const,
  );
  await page.locator('.document:not([data-left]) [data-status="saved"]').waitFor();
  await page.locator('.document-main .skeleton').first().waitFor({ state: 'detached' });
}

/** Waits until the console says that everything is stored. */
export const isSaved = (page: Page): Promise<void> => page.locator('[data-status="saved"]').waitFor();

/** An insertion into a text, as the API takes it. */
export const insertText = (text: string, index = 0) => ({ textInsert: { path: ['content'], at: { index }, text } });

/** An insertion into rich text. */
export const insertNodes = (index: number, ...values: readonly unknown[]) => ({
  arrayInsert: { path: ['default'], index, values },
});

/** A paragraph of rich text. */
export const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
