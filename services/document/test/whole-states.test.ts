import { expect, test } from 'vitest';
import { type WholeState, WholeStates } from '../setup/whole-states.ts';

const KIB = 1024;
const state = (kib: number, epoch = 0): WholeState => ({
  epoch,
  seq: 1,
  update: new Uint8Array(kib * KIB),
  stateVector: Uint8Array.of(0),
  deletions: null,
});
const MINUTE_MS = 60_000;

test('what was asked for longest ago goes first', () => {
  const states = new WholeStates(100 * KIB);
  for (const id of ['a', 'b']) states.keep(id, state(40), 0);
  states.find('a', 0, 0);
  states.keep('c', state(40), 0);
  expect(['a', 'b', 'c'].map((id) => states.find(id, 0, 0) !== undefined)).toEqual([true, false, true]);
  expect(states.keptBytes).toBe(80 * KIB);
});

test('neither short nor very long states are kept', () => {
  const states = new WholeStates(100 * KIB);
  states.keep('short', state(1), 0);
  states.keep('long', state(60), 0);
  expect(states.keptBytes).toBe(0);
});

test('a later state takes the place of the one before', () => {
  const states = new WholeStates(100 * KIB);
  states.keep('a', state(40), 0);
  states.keep('a', { ...state(20), seq: 2 }, 0);
  expect(states.find('a', 0, 0)?.seq).toBe(2);
  expect(states.keptBytes).toBe(20 * KIB);
});

test('a state of an erased history is let go', () => {
  const states = new WholeStates(100 * KIB);
  states.keep('a', state(40, 0), 0);
  expect(states.find('a', 1, 0)).toBeUndefined();
  expect(states.keptBytes).toBe(0);
});

test('what nobody asks for is not kept long', () => {
  const states = new WholeStates(100 * KIB);
  states.keep('a', state(20), 0);
  states.keep('b', state(20), 11 * MINUTE_MS);
  expect(states.find('a', 0, 11 * MINUTE_MS)).toBeUndefined();
});
