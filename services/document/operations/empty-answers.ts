import type { Tx } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { versionErrors } from '../contract.ts';
import { emptyStoredAnswers } from '../store/document-erasures.ts';
import type { WorkAction } from './document-access.ts';

/**
 * Takes what a document held out of the answers that are kept for calls with an `Idempotency-Key`. Whoever repeats such a
 * call is told that it was done and that its answer is gone; it is not done again.
 */
export async function emptyAnswersOf(
  tx: Tx<WorkAction>,
  of: { readonly tenantId: string; readonly documentId: string },
): Promise<void> {
  const { code, status, type, definition } = versionErrors.answerErased();
  const { title } = definition;
  const problem = { type, title, status, code };
  const result = { data: null, errors: [{ message: title, extensions: { code, status, type } }] };
  await tx.run(
    emptyStoredAnswers({
      ...of,
      status,
      headers: toJson({ 'content-type': 'application/problem+json; charset=utf-8' }),
      problem: Buffer.from(JSON.stringify(problem)),
      result: Buffer.from(JSON.stringify(result)),
    }),
  );
}
