import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';

/** How long a message stays, ms: time to read two lines. */
const SHOWN_MS = 6_000;

/** Shows messages at the foot of the page: what happened, perhaps with a way to undo it. */
export type ShowToast = (text: string, action?: { readonly label: string; readonly run: () => void }) => void;

/** Gives messages a place; stands around the app. */
export const ToastProvider = ({ children }: { readonly children: ReactNode }) => (
  <Toast.Provider timeout={SHOWN_MS}>
    {children}
    <Toast.Portal>
      <Toast.Viewport className="toasts">
        <ToastList />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
);

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <Toast.Description />
      <Toast.Action className="button button-quiet button-small" />
    </Toast.Root>
  ));
}

/** Shows a message. */
export function useToast(): ShowToast {
  const { add, close } = Toast.useToastManager();
  return (text, action) => {
    const id: string = add({
      description: text,
      ...(action === undefined
        ? {}
        : {
            actionProps: {
              children: action.label,
              onClick() {
                action.run();
                close(id);
              },
            },
          }),
    });
  };
}
