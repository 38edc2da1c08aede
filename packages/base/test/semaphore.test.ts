import { expect, test } from 'vitest';
import { Semaphore } from '../semaphore.ts';

test('permits go to who has waited longest, and none is lost to those who left', async () => {
  const semaphore = new Semaphore(1, 10_000);
  const order: number[] = [];
  expect(semaphore.acquire()).toBe(true);
  const controller = new AbortController();
  const waiting = [1, 2, 3].map(async (n) => {
    await semaphore.acquire(n === 2 ? controller.signal : undefined);
    order.push(n);
  });
  controller.abort(new Error('gone'));
  await expect(waiting[1]).rejects.toThrow('gone');
  semaphore.release();
  await waiting[0];
  semaphore.release();
  await waiting[2];
  expect(order).toEqual([1, 3]);
  semaphore.release();
  expect([semaphore.waiting, semaphore.acquire()]).toEqual([0, true]);
});

test('who waits too long goes without, and takes no permit along', async () => {
  const semaphore = new Semaphore(1, 5);
  expect(semaphore.acquire()).toBe(true);
  expect(await semaphore.acquire()).toBe(false);
  semaphore.release();
  expect([semaphore.waiting, semaphore.acquire()]).toEqual([0, true]);
});
