import type { StoredLoss } from '../stores/document-store.ts';
import type { OfferedLoss } from './document-state.ts';

/** Lost changes that nobody has discarded yet. */
export class Losses {
  readonly #forget: (lossId: number) => Promise<void>;
  #offered: readonly OfferedLoss[] = [];

  /** @param forget Drops what the store keeps under the number. */
  constructor(forget: (lossId: number) => Promise<void>) {
    this.#forget = forget;
  }

  /** The oldest first. */
  get offered(): readonly OfferedLoss[] {
    return this.#offered;
  }

  /** Adds what was put aside. */
  offer({ id, changes }: StoredLoss): OfferedLoss {
    const loss: OfferedLoss = {
      ...changes,
      discard: () => {
        this.#offered = this.#offered.filter((other) => other !== loss);
        return this.#forget(id);
      },
    };
    this.#offered = [...this.#offered, loss];
    return loss;
  }
}
