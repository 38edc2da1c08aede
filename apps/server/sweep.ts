import type { Idempotency } from '@candlefish/kit/idempotency';
import type { Cron } from '@candlefish/kit/service';

/**
 * The platform's own timer: deletes stored answers past their time. Runs once over all processes, since each of them
 * declares it under the same name.
 */
export const sweepOf = (idempotency: Idempotency): Cron => ({
  name: 'platform.sweepStoredAnswers',
  schedule: '7,17,27,37,47,57 * * * *',
  async handle({ signal, log }) {
    const deleted = await idempotency.sweep(signal);
    log.debug({ deleted }, 'stored answers past their time were deleted');
  },
});
