import { statementsOf } from '../db/statement.ts';
import type { StoreStatements } from './store.rows.generated.ts';

const statement = statementsOf<StoreStatements>('jobs');

/** Adds a job through the queue's door; it exists exactly when the transaction commits. */
export const addJob = statement('addJob', {
  actions: [],
  text: 'select jobs.add(:task, :payload::json, :runAt?::timestamptz, :attemptsMax::integer, :key?)',
});
