import { AppError } from '@candlefish/kit/errors';

/** What an operation gives, or null where it finds nothing: fields that may be empty say so by null. */
export async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
