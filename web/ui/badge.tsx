import type { ReactNode } from 'react';

/** What a badge takes. */
export interface BadgeProps {
  readonly tone?: 'accent' | 'danger' | 'flame' | 'good' | 'plain';
  readonly children: ReactNode;
}

/** A word about a thing: its type, its state. */
export const Badge = ({ tone = 'plain', children }: BadgeProps) => (
  <span className={tone === 'plain' ? 'badge' : `badge badge-${tone}`}>{children}</span>
);
