import { decodeCursor, encodeCursor } from '@candlefish/base/page';
import { badCursor } from '@candlefish/kit/page';

/** A place in the log of a document. */
export interface DocumentPlace {
  readonly epoch: number;
  /** Sequence of the last update seen. */
  readonly seq: number;
}

/** The place as clients carry it. */
export const cursorOf = ({ epoch, seq }: DocumentPlace): string => encodeCursor([epoch, seq]);

/** The place in a cursor. @throws AppError VALIDATION_FAILED */
export function placeOf(cursor: string): DocumentPlace {
  const [epoch, seq] = decodeCursor(cursor, 2) ?? [];
  if (!isCount(epoch) || !isCount(seq)) throw badCursor('/after');
  return { epoch, seq };
}

const isCount = (part: unknown): part is number => Number.isSafeInteger(part) && (part as number) >= 0;
