import type { JsonText } from '../db/statement.ts';

export type StoreStatements = {
  addJob: {
    params: { task: string; payload: JsonText; runAt: Date | null; attemptsMax: number; key: string | null };
    row: { add: unknown };
  };
};
