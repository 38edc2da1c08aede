import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useState } from 'react';
import { Button, type ButtonLook } from './button.tsx';
import { classNames } from './class-names.ts';

/** What a dialog takes. */
export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text?: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A window above the page. Escape, or a press beside it, closes it. */
export const Dialog = ({ isOpen, onClose, title, text, wide = false, children }: DialogProps) => (
  <Base.Root open={isOpen} onOpenChange={(open) => open || onClose()}>
    <Base.Portal>
      <Base.Backdrop className="dialog-veil" />
      <Base.Popup className={classNames('dialog', wide && 'dialog-wide')}>
        <Base.Title className="dialog-title">{title}</Base.Title>
        {text !== undefined && <Base.Description className="dialog-text">{text}</Base.Description>}
        <div className="dialog-body">{children}</div>
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);

/** What a question before something takes. */
export interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text: string;
  /** What the button does, as a verb: "Delete". */
  readonly action: string;
  /** `danger`, the default, for what cannot be undone. */
  readonly look?: Extract<ButtonLook, 'danger' | 'primary'>;
  /** Does it; the dialog closes when it has been done. */
  readonly onConfirm: () => Promise<void>;
  /** A failure in words for people. */
  readonly explain: (error: unknown) => string;
}

/** Asks before something that cannot be undone, or that everybody feels. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onClose, title, text, action, look = 'danger', onConfirm, explain } = props;
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => open || isBusy || onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-veil" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="dialog-text">{text}</AlertDialog.Description>
          <div className="dialog-body form">
            {problem !== null && (
              <p className="form-error" role="alert">
                {problem}
              </p>
            )}
            <div className="form-actions">
              <Button onClick={onClose} disabled={isBusy}>
                Cancel
              </Button>
              <Button look={look} onClick={() => void confirm()} disabled={isBusy}>
                {action}
              </Button>
            </div>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
