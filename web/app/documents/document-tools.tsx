import { Button } from '@candlefish/ui';
import { useNavigate } from '@tanstack/react-router';
import { GitBranch, History, MessageSquare, UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ShareDialog } from '../sharing/share-dialog.tsx';
import type { Panel } from './panels.ts';

interface PanelTool {
  readonly panel: Panel;
  readonly label: string;
  readonly icon: ReactNode;
}

const TOOLS: readonly PanelTool[] = [
  { panel: 'comments', label: 'Comments', icon: <MessageSquare aria-hidden /> },
  { panel: 'history', label: 'History', icon: <History aria-hidden /> },
  { panel: 'branches', label: 'Branches', icon: <GitBranch aria-hidden /> },
];

/** What the tools take. */
export interface DocumentToolsProps {
  readonly documentId: string;
  /** What is open beside the document. */
  readonly panel: Panel | undefined;
  readonly mayManage: boolean;
  /** Called before the comments open: whatever is selected in the text is what they are about. */
  readonly onComment: () => void;
}

/** What can be opened beside a document, and sharing. */
export function DocumentTools({ documentId, panel, mayManage, onComment }: DocumentToolsProps) {
  const navigate = useNavigate({ from: '/documents/$id' });
  const [isSharing, setSharing] = useState(false);
  return (
    <>
      {TOOLS.map((tool) => (
        <Button
          key={tool.panel}
          look="quiet"
          small
          aria-pressed={panel === tool.panel}
          // The selection in the text stays where it is.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => {
            if (tool.panel === 'comments') onComment();
            void navigate({ search: { panel: panel === tool.panel ? undefined : tool.panel }, replace: true });
          }}
        >
          {tool.icon}
          <span className="tool-text">{tool.label}</span>
        </Button>
      ))}
      {mayManage && (
        <>
          <Button small onClick={() => setSharing(true)}>
            <UserPlus aria-hidden />
            <span className="tool-text">Share</span>
          </Button>
          <ShareDialog documentId={documentId} isOpen={isSharing} onClose={() => setSharing(false)} />
        </>
      )}
    </>
  );
}
