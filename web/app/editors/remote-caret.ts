import { colourOf } from '@candlefish/ui';

/** Somebody else in the document, as the server puts it into their awareness. */
export interface RemoteUser {
  readonly id: string;
  readonly name: string;
}

/** Whoever wrote the state of an awareness; one that the server has not signed yet has no name. */
export function remoteUser(state: Readonly<Record<string, unknown>> | undefined): RemoteUser | null {
  const user = state?.['user'];
  if (typeof user !== 'object' || user === null) return null;
  const { id, name } = user as { readonly id?: unknown; readonly name?: unknown };
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : null;
}

/** A caret with its owner's name. Styles are set through the object model, which the page's policy leaves alone. */
export function caretElement({ id, name }: RemoteUser): HTMLElement {
  const colour = colourOf(id);
  const caret = document.createElement('span');
  caret.className = 'remote-caret';
  caret.style.borderColor = colour;
  const flag = document.createElement('span');
  flag.className = 'remote-caret-name';
  flag.style.background = colour;
  flag.textContent = name;
  // Word joiners keep the caret from becoming a place where the line breaks.
  caret.append('\u2060', flag, '\u2060');
  return caret;
}

/** The CSS of text that somebody else has selected. */
export const selectionStyle = ({ id }: RemoteUser): string => `background-color: ${colourOf(id)}55`;
