import type { RateDecision } from './types.ts';

/** Use of one key, oldest step first. */
export interface WindowState {
  /** Numbers of the steps (time ÷ step length) in which something was used. */
  readonly steps: number[];
  /** Units used in each of them. */
  readonly units: number[];
  sum: number;
}

export const emptyWindow = (): WindowState => ({ steps: [], units: [], sum: 0 });

/**
 * Sliding window counted in steps: a step counts until it lies wholly outside the window, so that no window, wherever it begins,
 * holds more than the limit.
 * @param spanSteps window length ÷ step length, rounded up.
 * @param nowMs any clock; a step back is read as no time passing.
 */
export function useWindow(
  state: WindowState,
  limit: number,
  cost: number,
  stepMs: number,
  spanSteps: number,
  nowMs: number,
): RateDecision {
  const step = Math.max(Math.floor(nowMs / stepMs), state.steps.at(-1) ?? 0);
  forget(state, step - spanSteps);
  const freeAt = (index: number): number =>
    Math.max(1, Math.ceil(((state.steps[index] ?? step) + spanSteps + 1) * stepMs - nowMs));
  const allowed = state.sum + cost <= limit;
  let retryAfterMs = 0;
  if (allowed && cost > 0) add(state, step, cost);
  if (!allowed) {
    let left = state.sum;
    let index = 0;
    while (index < state.steps.length && left + cost > limit) left -= state.units[index++] ?? 0;
    retryAfterMs = freeAt(index - 1);
  }
  const resetMs = state.steps.length === 0 ? 0 : freeAt(state.steps.length - 1);
  return { allowed, limit, remaining: Math.max(0, limit - state.sum), resetMs, retryAfterMs };
}

function add(state: WindowState, step: number, cost: number): void {
  const last = state.steps.length - 1;
  if (state.steps[last] === step) state.units[last] = (state.units[last] ?? 0) + cost;
  else {
    state.steps.push(step);
    state.units.push(cost);
  }
  state.sum += cost;
}

function forget(state: WindowState, oldestStep: number): void {
  let count = 0;
  while ((state.steps[count] ?? oldestStep) < oldestStep) state.sum -= state.units[count++] ?? 0;
  if (count === 0) return;
  state.steps.splice(0, count);
  state.units.splice(0, count);
}
