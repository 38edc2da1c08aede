import type { JobPayloadOf } from '@candlefish/kit/jobs';
import type { JobHandler } from '@candlefish/kit/service';
import { checkAgentJob } from './contract.ts';
import type { NandaService } from './ctx.ts';
import { runAgentCheck } from './operations/check-agent.ts';

/** Jobs of this service. */
export const jobs: readonly JobHandler<NandaService>[] = [
  {
    job: checkAgentJob,
    handle: (ctx, payload) => runAgentCheck(ctx, (payload as JobPayloadOf<typeof checkAgentJob>).agentId),
  },
];
