import { withoutChromium } from '@candlefish/testkit/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Company, insertText, isSaved, open, openCompany } from '../support/company.ts';
import { type Visitor, WAIT_MAX_MS } from '../support/visitor.ts';

const RICH_TEXT = 'application/vnd.candlefish.richtext';

describe.skipIf(withoutChromium !== undefined)(
  'the past of documents, branches, mentions and what is not saved',
  () => {
    let company: Company;
    let ada: Visitor;

    beforeAll(async () => {
      company = await openCompany();
      ada = await company.enter(company.ada);
    });

    afterAll(() => company?.close());

    const button = (name: RegExp | string) => ada.page.getByRole('button', { name, exact: typeof name === 'string' });
    const confirm = (name: string) =>
      ada.page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click();
    const asMember = async (email: string, password: string) => {
      const login = await company.network.api.post('/api/v1/auth/login', { email, password });
      return company.network.api.as((login.body as { readonly token: string }).token);
    };

    test('the call of a program is undone as a whole, and what people wrote stays', async () => {
      const id = await company.create('Prices', 'text/plain');
      await company.edit(id, insertText('Ada wrote this.'));
      const key = { name: 'Prices', scopes: ['document:read', 'document:update'] };
      const made = (await company.ada.api.post('/api/v1/api-keys', key)).body as { readonly key: string };
      const operations = [insertText('A program wrote this. '), insertText('And this. ')];
      await company.network.api.withKey(made.key).post(`/api/v1/documents/${id}/collaborate`, { operations });

      await open(ada, id, 'history');
      const call = ada.page.getByRole('list', { name: 'Changes' }).getByRole('listitem').first();
      await call.getByRole('button', { name: /^a program of/ }).click();
      await ada.page.getByRole('dialog').locator('ins').getByText('And this. A program wrote this.').waitFor();
      await ada.page.keyboard.press('Escape');
      await call.getByRole('button', { name: /^Undo this change by a program/ }).click();
      await confirm('Undo it');
      await ada.page
        .getByRole('textbox', { name: 'Prices' })
        .getByText(/^Ada wrote this\.$/)
        .waitFor();
      await ada.page.getByText('undid a change').waitFor();
      await ada.page.getByText('Undone', { exact: true }).waitFor();
      await ada.page.getByRole('tab', { name: 'Authors' }).click();
      await ada.page.locator('.written').getByText('Ada wrote this.').waitFor();
      expect(ada.takeTroubles()).toEqual([]);
    });

    test('any two points of a history are compared, and a version is gone back to after a question', async () => {
      const id = await company.create('Tender', 'text/markdown');
      const keep = (name: string) =>
        company.ada.api.graphql(
          'mutation ($id: ID!, $name: String!) { createDocumentVersion(documentId: $id, name: $name) { id } }',
          { id, name },
        );
      await company.edit(id, insertText('one\n'));
      await keep('First');
      await company.edit(id, insertText('two\n', 4));
      await keep('Second');
      await company.edit(id, insertText('three\n', 8));

      await open(ada, id, 'history');
      await ada.page.getByRole('tab', { name: 'Versions' }).click();
      await ada.page.locator('.entry-main', { hasText: 'First' }).click();
      const dialog = ada.page.getByRole('dialog');
      await dialog.locator('ins').getByText('two three').waitFor();
      await dialog.getByRole('combobox', { name: 'To' }).click();
      await ada.page.getByRole('option', { name: /^Second/ }).click();
      await dialog
        .locator('ins')
        .getByText(/^added: two\s*$/)
        .waitFor();
      await button('Go back to this version').click();
      await confirm('Go back');
      await expect.poll(() => company.textOf(id), { timeout: WAIT_MAX_MS }).toBe('one\n');
      await ada.page.locator('.entry-title', { hasText: 'Before going back' }).waitFor();
      expect(ada.takeTroubles()).toEqual([]);
    });

    test('a branch is begun, written in, merged after a look at what both sides changed, and discarded', async () => {
      const id = await company.create('House rules', 'text/plain');
      await company.edit(id, insertText('No smoking.\nNo dogs.\n'));
      await open(ada, id, 'branches');
      await ada.page.getByRole('textbox', { name: 'Try something in a branch' }).fill('Milder rules');
      await button('Create branch').click();
      await ada.page.getByRole('region', { name: 'Branch' }).getByRole('link', { name: 'House rules' }).waitFor();
      await isSaved(ada.page);
      await ada.page.getByRole('textbox', { name: 'Milder rules' }).press('Control+End');
      await ada.page.keyboard.type('Cats are fine.');
      await isSaved(ada.page);
      await company.edit(id, insertText('Please: ', 12));
      expect(await company.textOf(id)).not.toContain('Cats');

      await button('Merge …').click();
      const dialog = ada.page.getByRole('dialog');
      await dialog.locator('ins').getByText('Cats are fine.').waitFor();
      await dialog.getByRole('tab', { name: 'The main document' }).click();
      await dialog.locator('ins').getByText('Please:').waitFor();
      await dialog.getByRole('button', { name: /^Merge/ }).click();
      await ada.page.getByRole('textbox', { name: 'House rules' }).getByText('Cats are fine.').waitFor();
      expect(await company.textOf(id)).toBe('No smoking.\nPlease: No dogs.\nCats are fine.');

      await button('Branches').click();
      await ada.page.getByRole('link', { name: /Milder rules.*Merged/ }).click();
      await button('Discard').click();
      await confirm('Discard');
      await ada.page.getByRole('textbox', { name: 'House rules' }).waitFor();
      expect(ada.takeTroubles()).toEqual([]);
    });

    test('people are mentioned by the keyboard, in comments and in rich text', async () => {
      const id = await company.create('Plan', RICH_TEXT);
      const name = company.bob.email.split('@', 1)[0] ?? '';
      await open(ada, id, 'comments');
      const comment = ada.page.getByRole('textbox', { name: 'About the document' });
      await comment.pressSequentially('Ask @bo');
      await ada.page.getByRole('option', { name: company.bob.email }).waitFor();
      expect(await comment.getAttribute('aria-activedescendant')).toBe(
        await ada.page.getByRole('option').first().getAttribute('id'),
      );
      await comment.press('Enter');
      await comment.pressSequentially('about it');
      await comment.press('Control+Enter');
      await ada.page.locator('.comment-body .mention').getByText(`@${name}`).waitFor();
      const { body } = await company.ada.api.get(`/api/v1/documents/${id}/comments`);
      expect(body).toMatchObject({
        data: [{ comments: [{ body: `Ask @[${name}](user:${company.bob.id}) about it`, mentions: [company.bob.id] }] }],
      });

      await button('Edit the comment').click();
      const edited = ada.page.getByRole('textbox', { name: 'Edit the comment' });
      expect(await edited.inputValue()).toBe(`Ask @${name} about it`);
      await edited.fill(`Tell @${name} about it`);
      await button('Save').click();
      await ada.page.getByText('Tell').waitFor();

      await ada.page.getByRole('textbox', { name: 'Plan' }).click();
      await ada.page.keyboard.type('Paint by @bo');
      await ada.page.getByRole('option', { name: company.bob.email }).waitFor();
      await ada.page.keyboard.press('Enter');
      await ada.page.keyboard.type('tomorrow');
      await isSaved(ada.page);
      await ada.page.locator('.prose .mention').getByText(`@${name}`).waitFor();
      const { data } = await company.ada.api.graphql('query ($id: ID!) { document(id: $id) { content } }', { id });
      expect(JSON.stringify(data)).toContain(`"id":"${company.bob.id}"`);
      expect(ada.takeTroubles()).toEqual([]);
    });

    test('what the platform refuses is kept for its author until they dismiss it', async () => {
      const contentSchema = { type: 'object', additionalProperties: { type: 'integer' } };
      const id = await company.create('Shelf', 'application/json', { contentSchema });
      await company.edit(id, { mapSet: { path: ['data'], key: 'white', value: 7 } });
      await open(ada, id);
      await ada.page.getByRole('textbox', { name: 'Value of white' }).fill('a few');
      await ada.page.keyboard.press('Enter');
      await button('Go on without them').click();
      await ada.page.getByText('they do not fit what this document may hold').waitFor();
      await isSaved(ada.page);
      await ada.page.getByRole('textbox', { name: 'Value of white' }).and(ada.page.locator('[value="7"]')).waitFor();

      await ada.page.reload();
      await button('Look at them').click();
      await ada.page.getByRole('dialog').locator('ins').getByText('a few').waitFor();
      const [download] = await Promise.all([ada.page.waitForEvent('download'), button('Download').click()]);
      expect(download.suggestedFilename()).toMatch(/^Shelf \(unsaved .*\)\.json$/);
      await button('Discard them').click();
      await confirm('Discard');
      // On the page and in the dialog, until it is dropped.
      const told = ada.page.getByText('they do not fit what this document may hold');
      await told.first().waitFor({ state: 'detached' });
      await ada.page.reload();
      await isSaved(ada.page);
      expect(await button('Look at them').count()).toBe(0);
      expect(ada.takeTroubles()).toEqual([]);
    });

    test('what was written into a document that is deleted meanwhile can still be copied', async () => {
      const id = await company.create('Short lived', 'text/plain');
      await open(ada, id);
      await ada.context.setOffline(true);
      await ada.page.getByRole('textbox', { name: 'Short lived' }).click();
      await ada.page.keyboard.type('only here');
      await company.ada.api.delete(`/api/v1/documents/${id}`);
      await ada.context.setOffline(false);
      await button('Look at them').waitFor();

      await ada.page.reload();
      await ada.page.getByRole('heading', { name: 'Not found' }).waitFor();
      await button('Look at them').click();
      await ada.page.getByRole('region', { name: 'What you wrote' }).getByText('only here').waitFor();
      ada.takeTroubles();
    });

    test('a document that is open stays open when the platform fails for a moment', async () => {
      const id = await company.create('Steady', 'text/plain');
      await open(ada, id);
      const failure = { errors: [{ message: 'busy', extensions: { code: 'UNAVAILABLE' } }] };
      await ada.page.route('**/graphql', (route) =>
        (route.request().postDataJSON() as { readonly operationName: string }).operationName === 'Document'
          ? route.fulfill({ status: 503, json: failure })
          : route.continue(),
      );
      const failed = ada.page.waitForResponse((answer) => answer.status() === 503);
      // What is renamed is read anew.
      await ada.page.getByRole('textbox', { name: 'Title' }).fill('Steady as ever');
      await ada.page.keyboard.press('Enter');
      await failed;
      await ada.page.getByRole('textbox', { name: 'Steady' }).last().click();
      await ada.page.keyboard.type('still here');
      await isSaved(ada.page);
      await expect.poll(() => company.textOf(id), { timeout: WAIT_MAX_MS }).toBe('still here');
      await ada.page.unroute('**/graphql');
      ada.takeTroubles();
    });

    test('a person is told when they may only look, and when they may write again', async () => {
      const id = await company.create('Rights', 'text/plain');
      const level = (value: string) =>
        company.ada.api.put(`/api/v1/documents/${id}/members/${company.bob.id}`, { level: value });
      const bob = await company.enter(company.bob);
      await open(bob, id);
      await level('view');
      await bob.page.getByText('View only').waitFor();
      const text = bob.page.getByRole('textbox', { name: 'Rights' });
      await expect.poll(() => text.getAttribute('contenteditable'), { timeout: WAIT_MAX_MS }).toBe('false');
      await level('edit');
      await bob.page.getByText('View only').waitFor({ state: 'detached' });
      await text.click();
      await bob.page.keyboard.type('back again');
      await isSaved(bob.page);
      const api = await asMember(company.bob.email, company.bob.password);
      expect((await api.get(`/api/v1/documents/${id}`)).body).toMatchObject({ text: 'back again' });
      expect(bob.takeTroubles()).toEqual([]);
      await bob.close();
    });
  },
);
