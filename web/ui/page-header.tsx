import type { ReactNode } from 'react';

/** What the head of a page takes. */
export interface PageHeaderProps {
  readonly title: string;
  readonly summary?: string;
  /** What can be done here. */
  readonly children?: ReactNode;
}

/** Title of a page, what it is for, and what can be done on it. */
export const PageHeader = ({ title, summary, children }: PageHeaderProps) => (
  <header className="page-header">
    <div>
      <h1 className="page-title">{title}</h1>
      {summary !== undefined && <p className="page-summary">{summary}</p>}
    </div>
    {children !== undefined && <div className="page-actions">{children}</div>}
  </header>
);
