import { type SignedUp, type TestNetwork, testNetwork } from '@candlefish/testkit/network';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cuttingProxy } from '../../support/cutting-proxy.ts';
import { buildConsole } from '../support/built-console.ts';
import { launchChromium, withoutChromium } from '../support/chromium.ts';
import { signIn, type Visitor, visit } from '../support/visitor.ts';

/** Words that everybody writes. */
const WORDS = 12;

describe.skipIf(withoutChromium !== undefined)('live editing', () => {
  let network: TestNetwork;
  let browser: Browser;
  let ada: SignedUp;
  let bob: { readonly email: string; readonly password: string };

  beforeAll(async () => {
    buildConsole();
    network = await testNetwork();
    ada = await network.signUp('Ada & Sons Painting');
    bob = { email: `bob.${Date.now()}@example.test`, password: 'correct horse battery staple' };
    const added = await ada.api.post('/api/v1/users', { ...bob, role: 'staff' });
    expect(added.status).toBe(201);
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await network?.close();
  });

  const create = async (title: string, contentType: string): Promise<string> => {
    const answer = await ada.api.post('/api/v1/documents', { title, contentType });
    return (answer.body as { readonly id: string }).id;
  };

  const enter = async (
    who: { readonly email: string; readonly password: string },
    id: string,
    url = network.url,
  ): Promise<Visitor> => {
    const visitor = await visit(browser, url);
    await signIn(visitor.page, who.email, who.password);
    await visitor.page.goto(`/documents/${id}`);
    await isSaved(visitor.page);
    return visitor;
  };

  test('two people and a program write at once over links that break, end with the same text, and nothing is lost', async () => {
    const id = await create('Together', 'text/markdown');
    await using link = await cuttingProxy(network.url);
    await using otherLink = await cuttingProxy(network.url);
    const [one, other] = [await enter(ada, id, link.url), await enter(bob, id, otherLink.url)];
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
        const operation = { textInsert: { path: ['content'], at: { index: 0 }, text: `program${line} ` } };
        const answer = await ada.api.post(`/api/v1/documents/${id}/collaborate`, { operations: [operation] });
        expect(answer.status).toBe(200);
      }
    };
    await Promise.all([write(one.page, 0, 'ada'), write(other.page, 1, 'bob'), program()]);
    await Promise.all([isSaved(one.page), isSaved(other.page)]);
    const textOf = async (index: number) =>
      (await editors[index]?.locator('.cm-line').allTextContents())?.map(withoutCarets).join('\n');
    await expect
      .poll(async () => [await textOf(0), await textOf(1)], { timeout: 10_000 })
      .toSatisfy(([mine, theirs]) => mine === theirs);
    const stored = async () => ((await ada.api.get(`/api/v1/documents/${id}`)).body as { readonly text: string }).text;
    // The readable copy follows the log.
    await expect.poll(async () => (await stored()).trim(), { timeout: 10_000 }).toBe((await textOf(0))?.trim());
    const words = (await stored()).match(/(ada|bob|program)\d+/g) ?? [];
    expect(words.toSorted()).toEqual(
      ['ada', 'bob', 'program']
        .flatMap((who) => Array.from({ length: WORDS }, (_, line) => `${who}${line}`))
        .toSorted(),
    );
    const unexpected = [...one.troubles, ...other.troubles].filter(
      (trouble) => !/ERR_CONNECTION|ERR_EMPTY|ERR_NETWORK/.test(trouble),
    );
    expect(unexpected).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });

  test('people see who else is there, where they write and what they write', async () => {
    const id = await create('Rich', 'application/vnd.candlefish.richtext');
    const [one, other] = [await enter(ada, id), await enter(bob, id)];
    const [editor, copy] = [one, other].map(({ page }) => page.getByRole('textbox', { name: 'Rich' }));
    await one.page.getByRole('list', { name: 'Also here' }).getByText(nameOf(bob)).waitFor({ state: 'attached' });
    await editor?.click();
    await one.page.getByRole('button', { name: 'Heading', exact: true }).click();
    await one.page.keyboard.type('Primer');
    await one.page.keyboard.press('Enter');
    await one.page.keyboard.type('Two coats of it.');
    await copy?.getByRole('heading', { name: 'Primer' }).waitFor();
    await copy?.getByText('Two coats of it.').waitFor();
    await other.page.locator('.remote-caret-name').getByText(nameOf(ada)).waitFor();
    await isSaved(one.page);
    expect([...one.troubles, ...other.troubles]).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });

  test('pasted HTML keeps its formatting, and nothing in it runs', async () => {
    const id = await create('Paste', 'application/vnd.candlefish.richtext');
    const one = await enter(ada, id);
    const editor = one.page.getByRole('textbox', { name: 'Paste' });
    await editor.click();
    // To look at a document is not to write into it.
    expect((await ada.api.get(`/api/v1/documents/${id}`)).body).toMatchObject({ version: 0 });
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
    await one.close();
  });

  test('a checklist is written with the keyboard and ticked off by another person', async () => {
    const id = await create('Shopping', 'application/vnd.candlefish.checklist');
    const [one, other] = [await enter(ada, id), await enter(bob, id)];
    await one.page.getByRole('button', { name: 'Add an item' }).click();
    await one.page.keyboard.type('Brushes');
    await one.page.keyboard.press('Enter');
    await one.page.getByLabel('Text of item 2').waitFor();
    await one.page.keyboard.type('Rollers');
    await other.page.getByRole('checkbox', { name: 'Brushes' }).click();
    await one.page.getByText('1 of 2 done').waitFor();
    await Promise.all([isSaved(one.page), isSaved(other.page)]);
    expect([...one.troubles, ...other.troubles]).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });

  test('a comment on a piece of the text reaches the other person, who answers it and goes back to a version', async () => {
    const id = await create('Offer', 'text/plain');
    await ada.api.post(`/api/v1/documents/${id}/collaborate`, {
      operations: [{ textInsert: { path: ['content'], at: { index: 0 }, text: 'Two coats, grey.' } }],
    });
    const [one, other] = [await enter(ada, id), await enter(bob, id)];
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
    await one.page.getByRole('button', { name: /As agreed/ }).waitFor();
    await other.page.getByRole('textbox', { name: 'Offer' }).press('Control+End');
    await other.page.keyboard.type(' Or blue.');
    await isSaved(other.page);
    await one.page.getByText('Or blue.').waitFor();
    await one.page.getByRole('button', { name: /As agreed/ }).click();
    await one.page.locator('ins').getByText('Or blue.').waitFor();
    await one.page.getByRole('button', { name: 'Go back to this version' }).click();
    await other.page.getByText('Or blue.').waitFor({ state: 'detached' });
    expect([...one.troubles, ...other.troubles]).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });

  test('a link lets somebody without an account write, after its password', async () => {
    const id = await create('Guest book', 'text/plain');
    const one = await enter(ada, id);
    await one.page.getByRole('button', { name: 'Share' }).click();
    await one.page.getByRole('tab', { name: 'Links' }).click();
    await one.page.getByRole('combobox', { name: 'What its holders may do' }).click();
    await one.page.getByRole('option', { name: 'Can edit' }).click();
    await one.page.getByRole('textbox', { name: 'Password' }).fill('open sesame');
    await one.page.getByRole('button', { name: 'Create link' }).click();
    const address = await one.page.getByRole('textbox', { name: 'The link, shown this once' }).inputValue();
    await one.page.getByRole('button', { name: 'Done' }).click();
    await one.page.keyboard.press('Escape');

    const guest = await visit(browser, network.url);
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
    expect(one.troubles).toEqual([]);

    await one.page.getByRole('button', { name: 'Share' }).click();
    await one.page.getByRole('tab', { name: 'Links' }).click();
    await one.page.getByRole('button', { name: 'Take the link back' }).click();
    await guest.page.getByText('You may not see this document any more.').waitFor();
    await Promise.all([one.close(), guest.close()]);
  });

  test('what is written without a connection is saved when it comes back', async () => {
    const id = await create('On the road', 'text/plain');
    const one = await enter(ada, id);
    await one.context.setOffline(true);
    await one.page.getByRole('textbox', { name: 'On the road' }).click();
    await one.page.keyboard.type('written in a tunnel');
    await one.page.locator('[data-status="offline"], [data-status="connecting"], [data-status="saving"]').waitFor();
    await one.context.setOffline(false);
    await isSaved(one.page);
    const stored = async () => ((await ada.api.get(`/api/v1/documents/${id}`)).body as { readonly text: string }).text;
    await expect.poll(stored, { timeout: 10_000 }).toContain('written in a tunnel');
    await one.close();
  });
});

/** How people appear to each other in a document. */
const nameOf = ({ email }: { readonly email: string }): string => email.split('@', 1)[0] ?? '';

/** Carets of others stand in the line, with a name between two word joiners. */
const withoutCarets = (line: string): string => line.replaceAll(/\u2060[^\u2060]*\u2060/g, '');

/** Waits until the console says that everything is stored. */
const isSaved = (page: Page): Promise<void> => page.locator('[data-status="saved"]').waitFor();
