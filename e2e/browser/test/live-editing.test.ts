import { withoutChromium } from '@candlefish/testkit/chromium';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CuttingProxy, cuttingProxy } from '../../support/cutting-proxy.ts';
import { type Company, insertText, isSaved, open, openCompany } from '../support/company.ts';
import { type Visitor, visit } from '../support/visitor.ts';

/** Words that everybody writes. */
const WORDS = 12;

describe.skipIf(withoutChromium !== undefined)('live editing', () => {
  let company: Company;
  /** Ada and Bob, each at a browser of their own. */
  let one: Visitor;
  let other: Visitor;
  /** What each of them reaches the platform through. */
  let link: CuttingProxy;
  let otherLink: CuttingProxy;

  beforeAll(async () => {
    company = await openCompany();
    [link, otherLink] = [await cuttingProxy(company.network.url), await cuttingProxy(company.network.url)];
    [one, other] = await Promise.all([company.enter(company.ada, link.url), company.enter(company.bob, otherLink.url)]);
  });

  afterAll(async () => {
    await company?.browser.close();
    await link?.[Symbol.asyncDispose]();
    await otherLink?.[Symbol.asyncDispose]();
    await company?.close();
  });

  const openBoth = (id: string) => Promise.all([open(one, id), open(other, id)]);
  const troubles = () => [...one.takeTroubles(), ...other.takeTroubles()];

  test('two people and a program write at once over links that break, end with the same text, and nothing is lost', async () => {
    const id = await company.create('Together', 'text/markdown');
    await openBoth(id);
    const editors = [one, other].map(({ page }) => page.getByRole('textbox', { name: 'Together' }));
    const write = async (page: Page, index: number, word: string): Promise<void> => {
      await editors[index]?.click();
      for (let line = 0; line < WORDS; line++) {
        await page.keyboard.type(`${word}${line} `);
        if (line % 3 === index) [link, otherLink][index]?.cut();
      }
    };
    const program = async (): Promise<void> => {
      for (let line = 0; line < WORDS; line++) {
        await company.edit(id, insertText(`program${line} `));
      }
    };
    await Promise.all([write(one.page, 0, 'ada'), write(other.page, 1, 'bob'), program()]);
    await Promise.all([isSaved(one.page), isSaved(other.page)]);
    const textOf = async (index: number) =>
      (await editors[index]?.locator('.cm-line').allTextContents())?.map(withoutCarets).join('\n');
    await expect
      .poll(async () => [await textOf(0), await textOf(1)], { timeout: 10_000 })
      .toSatisfy(([here, there]) => here === there);
    const stored = () => company.textOf(id);
    // The readable copy follows the log.
    await expect.poll(async () => (await stored()).trim(), { timeout: 10_000 }).toBe((await textOf(0))?.trim());
    const words = (await stored()).match(/(ada|bob|program)\d+/g) ?? [];
    expect(words.toSorted()).toEqual(
      ['ada', 'bob', 'program']
        .flatMap((who) => Array.from({ length: WORDS }, (_, line) => `${who}${line}`))
        .toSorted(),
    );
    expect(troubles().filter((trouble) => !/ERR_CONNECTION|ERR_EMPTY|ERR_NETWORK/.test(trouble))).toEqual([]);
  });

  test('people see who else is there, where they write and what they write', async () => {
    const id = await company.create('Rich', 'application/vnd.candlefish.richtext');
    await openBoth(id);
    const [editor, copy] = [one, other].map(({ page }) => page.getByRole('textbox', { name: 'Rich' }));
    await one.page
      .getByRole('list', { name: 'Also here' })
      .getByText(nameOf(company.bob))
      .waitFor({ state: 'attached' });
    await editor?.click();
    await one.page.getByRole('button', { name: 'Heading', exact: true }).click();
    await one.page.keyboard.type('Primer');
    await one.page.keyboard.press('Enter');
    await one.page.keyboard.type('Two coats of it.');
    await copy?.getByRole('heading', { name: 'Primer' }).waitFor();
    await copy?.getByText('Two coats of it.').waitFor();
    await other.page.locator('.remote-caret-name').getByText(nameOf(company.ada)).waitFor();
    await isSaved(one.page);
    expect(troubles()).toEqual([]);
  });

  test('pasted HTML keeps its formatting, and nothing in it runs', async () => {
    const id = await company.create('Paste', 'application/vnd.candlefish.richtext');
    await open(one, id);
    const editor = one.page.getByRole('textbox', { name: 'Paste' });
    await editor.click();
    // To look at a document is not to write into it.
    expect((await company.ada.api.get(`/api/v1/documents/${id}`)).body).toMatchObject({ version: 0 });
    await editor.evaluate((element) => {
      const clipboard = new DataTransfer();
      clipboard.setData(
        'text/html',
        '<h2>Offer</h2><p><b>bold</b> <img src=x onerror="document.title = \'ran\'"> <a href="javascript:document.title=1">link</a></p><script>document.title = "ran"</script>',
      );
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }));
    });
    await editor.getByRole('heading', { name: 'Offer' }).waitFor();
    await editor.locator('strong').getByText('bold').waitFor();
    expect(await editor.locator('script, [onerror], a[href^="javascript"]').count()).toBe(0);
    expect(await one.page.title()).toContain('Paste');
    // Where the paste is read the handler is looked at, and the policy of the page keeps it from running.
    const others = troubles().filter((trouble) => !/inline event handler|script-src-attr/.test(trouble));
    expect(others).toEqual([]);
  });

  test('a checklist is written with the keyboard and ticked off by another person', async () => {
    const id = await company.create('Shopping', 'application/vnd.candlefish.checklist');
    await openBoth(id);
    await one.page.getByRole('button', { name: 'Add an item' }).click();
    await one.page.keyboard.type('Brushes');
    await one.page.keyboard.press('Enter');
    await one.page.getByLabel('Text of item 2').waitFor();
    await one.page.keyboard.type('Rollers');
    await other.page.getByRole('checkbox', { name: 'Brushes' }).click();
    await one.page.getByText('1 of 2 done').waitFor();
    await Promise.all([isSaved(one.page), isSaved(other.page)]);
    expect(troubles()).toEqual([]);
  });

  test('a comment on a piece of the text reaches the other person, who answers it and goes back to a version', async () => {
    const id = await company.create('Offer', 'text/plain');
    await company.edit(id, insertText('Two coats, grey.'));
    await openBoth(id);
    await one.page.getByText('Two coats, grey.').dblclick({ position: { x: 10, y: 10 } });
    await one.page.getByRole('button', { name: 'Comments' }).click();
    await one.page.getByRole('textbox', { name: 'About the selected text' }).fill('Why not three?');
    await one.page.getByRole('button', { name: 'Comment', exact: true }).click();
    await one.page.locator('.commented').getByText('Two').waitFor();
    await other.page.getByRole('button', { name: 'Comments' }).click();
    await other.page.getByText('Why not three?').waitFor();
    await other.page.locator('.commented').getByText('Two').waitFor();
    await other.page.getByRole('button', { name: 'Reply' }).click();
    await other.page.getByRole('textbox', { name: 'Reply' }).fill('The owner wants two.');
    await other.page.getByRole('form', { name: 'Reply' }).getByRole('button', { name: 'Reply' }).click();
    await one.page.getByText('The owner wants two.').waitFor();

    await one.page.getByRole('button', { name: 'History' }).click();
    await one.page.getByRole('textbox', { name: 'Keep the document as it is now' }).fill('As agreed');
    await one.page.getByRole('button', { name: 'Keep version' }).click();
    await one.page.locator('.entry-main', { hasText: 'As agreed' }).waitFor();
    await other.page.getByRole('textbox', { name: 'Offer' }).press('Control+End');
    await other.page.keyboard.type(' Or blue.');
    await isSaved(other.page);
    await one.page.getByText('Or blue.').waitFor();
    await one.page.locator('.entry-main', { hasText: 'As agreed' }).click();
    await one.page.locator('ins').getByText('Or blue.').waitFor();
    await one.page.getByRole('button', { name: 'Go back to this version' }).click();
    await one.page.getByRole('alertdialog').getByRole('button', { name: 'Go back' }).click();
    await other.page.getByText('Or blue.').waitFor({ state: 'detached' });
    expect(troubles()).toEqual([]);
  });

  test('a link lets somebody without an account write, after its password', async () => {
    const id = await company.create('Guest book', 'text/plain');
    await open(one, id);
    await one.page.getByRole('button', { name: 'Share' }).click();
    await one.page.getByRole('tab', { name: 'Links' }).click();
    await one.page.getByRole('combobox', { name: 'What its holders may do' }).click();
    await one.page.getByRole('option', { name: 'Can edit' }).click();
    await one.page.getByRole('textbox', { name: 'Password' }).fill('open sesame');
    await one.page.getByRole('button', { name: 'Create link' }).click();
    const address = await one.page.getByRole('textbox', { name: 'The link, shown this once' }).inputValue();
    await one.page.getByRole('button', { name: 'Done' }).click();
    await one.page.keyboard.press('Escape');

    const guest = await visit(company.browser, company.network.url);
    await guest.page.goto(address);
    await guest.page.getByRole('textbox', { name: 'Password' }).fill('guessed');
    await guest.page.getByRole('button', { name: 'Open' }).click();
    await guest.page.getByText('The password is wrong.').waitFor();
    await guest.page.getByRole('textbox', { name: 'Password' }).fill('open sesame');
    await guest.page.getByRole('button', { name: 'Open' }).click();
    await isSaved(guest.page);
    await guest.page.getByRole('textbox', { name: 'Guest book' }).click();
    await guest.page.keyboard.type('a guest was here');
    await one.page.getByText('a guest was here').waitFor();
    // The password that was asked for, and the one that was wrong.
    expect(guest.troubles.filter((trouble) => !trouble.includes('status of 403'))).toEqual([]);
    expect(one.takeTroubles()).toEqual([]);

    await one.page.getByRole('button', { name: 'Share' }).click();
    await one.page.getByRole('tab', { name: 'Links' }).click();
    await one.page.getByRole('button', { name: 'Take the link back' }).click();
    await guest.page.getByText('You may not see this document any more.').waitFor();
    await guest.close();
  });

  test('what is written without a connection is saved when it comes back', async () => {
    const id = await company.create('On the road', 'text/plain');
    await open(one, id);
    await one.context.setOffline(true);
    await one.page.getByRole('textbox', { name: 'On the road' }).click();
    await one.page.keyboard.type('written in a tunnel');
    await one.page.locator('[data-status="offline"], [data-status="connecting"], [data-status="saving"]').waitFor();
    await one.context.setOffline(false);
    await isSaved(one.page);
    const stored = () => company.textOf(id);
    await expect.poll(stored, { timeout: 10_000 }).toContain('written in a tunnel');
  });
});

/** How people appear to each other in a document. */
const nameOf = ({ email }: { readonly email: string }): string => email.split('@', 1)[0] ?? '';

/** Carets of others stand in the line, with a name between two word joiners. */
const withoutCarets = (line: string): string => line.replaceAll(/\u2060[^\u2060]*\u2060/g, '');
