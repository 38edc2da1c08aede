import type { DocumentCtx } from './ctx.ts';

/** Operations were taken into a document. */
export function collaborated(
  ctx: DocumentCtx,
  change: { readonly documentId: string; readonly version: number; readonly operations: number },
): void {
  ctx.log.debug(change, 'document changed');
}
