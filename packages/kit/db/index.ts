/** PostgreSQL for services: statements as values, one round trip each, always in a tenant's scope. */
export { Database, type DatabaseOptions, type StatementEvent } from './database.ts';
export { isUnavailable, violates } from './db-errors.ts';
export type { Scope } from './round.ts';
export {
  type BoundStatement,
  type JsonText,
  type Runnable,
  type SqlValue,
  type Statement,
  type StatementSpec,
  type StatementText,
  type StatementTypes,
  statementsOf,
  toJson,
} from './statement.ts';
export { Transaction } from './transaction.ts';
