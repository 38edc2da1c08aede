import type { ReactNode } from 'react';

/** What the shell takes. */
export interface ShellProps {
  /** The name of the product, leading home. */
  readonly brand: ReactNode;
  /** Links to the parts of the console; each an icon and a `span`. */
  readonly nav: ReactNode;
  /** Who is signed in. */
  readonly end: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: a rail with the parts of the console, and the page beside it. */
export const Shell = ({ brand, nav, end, children }: ShellProps) => (
  <div className="shell">
    <a className="shell-skip button button-primary" href="#main">
      Skip to the page
    </a>
    <header className="shell-rail">
      {brand}
      <nav className="shell-nav" aria-label="Console">
        {nav}
      </nav>
      <div className="shell-end">{end}</div>
    </header>
    <main className="shell-main" id="main" tabIndex={-1}>
      {children}
    </main>
  </div>
);
