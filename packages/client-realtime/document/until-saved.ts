import type { DocumentState } from './document-state.ts';

/** A wait for `saved` ended otherwise. */
export class NotSavedError extends Error {
  override readonly name = 'NotSavedError';
}

/** Something whose state can be watched. */
export interface Watched {
  readonly state: DocumentState;
  on(name: 'state', listener: (state: DocumentState) => void): () => void;
}

/**
 * Resolves when the state is `saved`.
 * @throws NotSavedError after the time, or when it will not be: refused or closed.
 */
export async function untilSaved(watched: Watched, timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (problem: string | null): void => {
      stop();
      clearTimeout(timer);
      if (problem === null) resolve();
      else reject(new NotSavedError(problem));
    };
    const look = ({ status, refusal, ending }: DocumentState): void => {
      if (status === 'saved') settle(null);
      else if (status === 'refused') settle(`an edit was refused: ${refusal}`);
      else if (status === 'closed') settle(`the document is closed: ${ending?.reason}`);
    };
    const stop = watched.on('state', look);
    const timer = setTimeout(() => settle(`not saved within ${timeoutMs} ms: ${watched.state.status}`), timeoutMs);
    look(watched.state);
  });
}
