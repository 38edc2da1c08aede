import { IconButton } from '@candlefish/ui';
import { useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

/** What a panel takes. */
export interface SidePanelProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** What stands beside a document; on narrow screens it covers the foot of it. */
export function SidePanel({ title, children }: SidePanelProps) {
  const navigate = useNavigate({ from: '/documents/$id' });
  const close = (): void => void navigate({ search: {}, replace: true });
  return (
    <aside className="document-panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        <IconButton label={`Close ${title.toLowerCase()}`} small icon={<X aria-hidden />} onClick={close} />
      </div>
      {children}
    </aside>
  );
}
