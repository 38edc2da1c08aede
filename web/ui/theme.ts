import { useSyncExternalStore } from 'react';

/** `system` follows the device. */
export type Theme = 'dark' | 'light' | 'system';

/** Read by `theme.js` before the first paint. */
const KEY = 'candlefish.theme';

const listeners = new Set<() => void>();

function storedTheme(): Theme {
  const theme = localStorage.getItem(KEY);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function show(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
}

function choose(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  show(theme);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  // Another tab has chosen.
  const follow = ({ key }: StorageEvent): void => {
    if (key !== KEY) return;
    show(storedTheme());
    listener();
  };
  listeners.add(listener);
  addEventListener('storage', follow);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', follow);
  };
}

/** The theme chosen on this device, and how to choose another. */
export const useTheme = (): readonly [Theme, (theme: Theme) => void] => [
  useSyncExternalStore(subscribe, storedTheme),
  choose,
];
