import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** What an empty state takes. */
export interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: string;
  /** `danger` where something failed. */
  readonly tone?: 'calm' | 'danger';
  /** What to do about it. */
  readonly children?: ReactNode;
}

/** Says why nothing is here, and what to do. */
export const EmptyState = ({ icon, title, text, tone = 'calm', children }: EmptyStateProps) => (
  <div
    className={classNames('empty', tone === 'danger' && 'empty-danger')}
    role={tone === 'danger' ? 'alert' : undefined}
  >
    <span className="empty-mark" aria-hidden>
      {icon}
    </span>
    <h2 className="empty-title">{title}</h2>
    {text !== undefined && <p className="empty-text">{text}</p>}
    {children}
  </div>
);
