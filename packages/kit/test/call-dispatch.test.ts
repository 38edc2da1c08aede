import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { createDispatcher, defineCall } from '../calls/index.ts';
import type { Ctx } from '../context/index.ts';
import type { Host } from '../lifecycle/index.ts';

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false });
const find = defineCall({ name: 'shop.find', input: Id, output: Type.Object({ count: Type.Integer() }) });
const ID = '0198c0de-0000-7000-8000-00000000000a';

/** Answers a call that came in from another process. */
function answer(input: unknown, given: unknown = { count: 1 }): Promise<unknown> {
  const services = [{ name: 'shop', provides: [{ call: find, handle: async () => given }] }];
  const dispatcher = createDispatcher({
    host: () => ({ services }) as unknown as Host,
    remote: null,
    jsonRoundTrip: false,
  });
  return dispatcher.run('shop.find', input, () => ({}) as Ctx);
}

test('a call that keeps its contract is answered', async () => {
  expect(await answer({ id: ID })).toEqual({ count: 1 });
});

test.each([
  [{}, "/ must have required property 'id'"],
  [{ id: 7 }, '/id must be string'],
  [{ id: 'seven' }, '/id must match format "uuid"'],
  [{ id: ID, more: 1 }, '/ must NOT have additional properties'],
  [undefined, '/ must be object'],
])('an input that breaks it is refused at its place: %j', async (input, fault) => {
  await expect(answer(input)).rejects.toThrow(`shop.find: the input breaks its contract at ${fault}`);
});

test('so is an answer, whose numbers are not read out of text', async () => {
  await expect(answer({ id: ID }, { count: '1' })).rejects.toThrow('the answer breaks its contract at /count');
});
