import type { ReactNode } from 'react';

/** What a page before the sign-in takes. */
export interface EntranceProps {
  readonly title: string;
  readonly text: ReactNode;
  readonly children: ReactNode;
  /** Below the card: the way to the other entrance. */
  readonly foot: ReactNode;
}

/** A page before the sign-in. */
export const Entrance = ({ title, text, children, foot }: EntranceProps) => (
  <main className="entrance" id="main">
    <div className="entrance-column">
      <p className="entrance-brand">
        <img src="/candlefish.svg" alt="" />
        Candlefish
      </p>
      <div className="entrance-card">
        <h1 className="page-title">{title}</h1>
        <p className="entrance-text">{text}</p>
        {children}
      </div>
      <p className="entrance-foot">{foot}</p>
    </div>
  </main>
);
