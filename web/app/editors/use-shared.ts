import { useCallback, useRef, useSyncExternalStore } from 'react';

/** A shared type, as far as it has to be watched. */
export interface Watched {
  observeDeep(listener: () => void): void;
  unobserveDeep(listener: () => void): void;
}

/** What a shared type shows now, read anew after each change in it or below it. @param read gives a plain value. */
export function useShared<Value>(type: Watched, read: () => Value): Value {
  const kept = useRef<{ readonly type: unknown; readonly value: Value } | null>(null);
  const subscribe = useCallback(
    (onChange: () => void) => {
      const observe = (): void => {
        kept.current = null;
        onChange();
      };
      type.observeDeep(observe);
      return () => type.unobserveDeep(observe);
    },
    [type],
  );
  return useSyncExternalStore(subscribe, () => {
    if (kept.current?.type !== type) kept.current = { type, value: read() };
    return kept.current.value;
  });
}
