import { afterEach, expect, test } from 'vitest';
import type { Conversion } from '../operations/convert/conversion.ts';
import { exportDocument } from '../operations/export-document.ts';
import { importDocument } from '../operations/import-document.ts';
import { Converter } from '../setup/converter.ts';
import { code, documentHost } from './document-host.ts';

const host = documentHost();
const never = new AbortController().signal;
const open: Converter[] = [];

function converter(conversionMaxMs?: number): Converter {
  const made = new Converter(host.owner().log, conversionMaxMs);
  open.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
});

const read = (content: string): Conversion => ({
  kind: 'read',
  given: { contentType: 'application/vnd.candlefish.richtext', format: 'markdown', content },
});
/** Quotes within quotes: the parser takes time in proportion to the square, about a minute here. */
const ENDLESS = '>'.repeat(100_000);

test('a content that takes too long is given up, and the next one is converted', async () => {
  const made = converter(500);
  const answers = await Promise.allSettled([ENDLESS, '# Plan'].map((content) => made.run('a', read(content), never)));
  expect(answers[0]).toMatchObject({ status: 'rejected', reason: { code: 'CONTENT_TOO_COMPLEX' } });
  expect(answers[1]).toMatchObject({ status: 'fulfilled', value: { first: { projection: { text: 'Plan' } } } });
});

test('whoever leaves makes room, at work or waiting', async () => {
  const made = converter();
  const [working, waiting] = [new AbortController(), new AbortController()];
  const first = made.run('a', read(ENDLESS), working.signal);
  const second = made.run('a', read(ENDLESS), waiting.signal);
  const third = made.run('a', read('Hello'), never);
  waiting.abort(new Error('left the queue'));
  await expect(second).rejects.toThrow('left the queue');
  working.abort(new Error('left'));
  await expect(first).rejects.toThrow('left');
  expect(await third).toMatchObject({ kind: 'first' });
});

test('a tenant with much to convert does not keep others waiting', async () => {
  const made = converter(500);
  const theirs = Array.from({ length: 8 }, () => made.run('a', read(ENDLESS), never));
  const ended: string[] = [];
  const note = (name: string) => (): void => void ended.push(name);
  for (const task of theirs) task.then(note('theirs'), note('theirs'));
  const ours = made.run('b', read('Hello'), never).finally(note('ours'));
  const codes = (await Promise.allSettled(theirs)).map((one) => (one.status === 'rejected' ? one.reason.code : 'done'));
  expect(codes).toEqual([...Array(5).fill('CONTENT_TOO_COMPLEX'), ...Array(3).fill('UNAVAILABLE')]);
  expect(await ours).toMatchObject({ kind: 'first' });
  // Three are sent away at once and one was at work; then it is our turn.
  expect(ended.indexOf('ours')).toBe(4);
});

test('other work goes on while a long content is converted', async () => {
  const content = '# Heading\n\nSome **bold** text in a [link](https://a.example/b).\n\n- one\n- two\n\n'.repeat(750);
  const long = importDocument(host.owner(), { title: 'Long', format: 'markdown', content });
  let longestMs = 0;
  const startedAtMs = performance.now();
  let beforeMs = startedAtMs;
  const watch = setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - beforeMs);
    beforeMs = nowMs;
  }, 5);
  const { id } = await long;
  clearInterval(watch);
  // A share of the whole, which grows with what else the machine does as the pauses do.
  expect(longestMs).toBeLessThan((performance.now() - startedAtMs) / 2);
  const { content: page } = await exportDocument(host.owner(), { id, format: 'html' });
  expect(String(page)).toContain('<strong>bold</strong>');
});

test('those who may not create documents import none, and nobody exports what they do not see', async () => {
  const viewer = await host.somebody('viewer');
  const given = { title: 'x', format: 'text', content: 'x' } as const;
  await expect(importDocument(viewer, given)).rejects.toEqual(code('FORBIDDEN'));
  const { id } = await importDocument(host.owner(), given);
  expect((await exportDocument(viewer, { id, format: 'text' })).content).toBe('x');
  for (const stranger of [id, '00000000-0000-7000-8000-000000000000']) {
    const asked = exportDocument(host.as('owner', host.theirs), { id: stranger, format: 'pdf' });
    await expect(asked).rejects.toEqual(code('NOT_FOUND'));
  }
});
