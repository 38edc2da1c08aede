import { platformErrors } from '@candlefish/kit/errors';
import type { DocumentCtx } from '../../ctx.ts';
import type { Conversion, Converted } from './conversion.ts';

/** Carries out a conversion on the thread for them, for the caller's tenant. @throws AppError CONTENT_TOO_COMPLEX, UNAVAILABLE */
export async function runConversion(ctx: DocumentCtx, conversion: Conversion): Promise<Converted> {
  const { tenantId } = ctx.actor;
  if (tenantId === null) throw platformErrors.forbidden();
  return ctx.service.converter.run(tenantId, conversion, ctx.signal);
}
