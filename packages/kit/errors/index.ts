/**
 * Errors that callers may branch on. Each has a stable code, one HTTP status and one public sentence, written once in a
 * table; REST answers them as problem+json, GraphQL as `extensions.code`.
 */
export {
  AppError,
  defineErrors,
  type ErrorConstructorOf,
  type ErrorDefinition,
  type ErrorOptions,
  type FieldError,
  isAppError,
  typeOf,
} from './app-error.ts';
export { platformErrors } from './platform-errors.ts';
