import type { GraphqlCtx } from '../ctx.ts';

/** The state of the platform at one moment. */
export interface HealthStatus {
  readonly status: 'ok' | 'degraded';
  readonly services: readonly { readonly name: string; readonly status: string }[];
  readonly version: string;
  readonly time: Date;
}

/** The state of each service, in this process and in others, by name. */
export async function healthStatus(ctx: GraphqlCtx): Promise<HealthStatus> {
  ctx.authorize('health:read');
  const services = ctx.service
    .statuses()
    .map(({ name, state }) => ({ name, status: state as string }))
    .sort((one, other) => one.name.localeCompare(other.name));
  return {
    status: services.every(({ status }) => status === 'running') ? 'ok' : 'degraded',
    services,
    version: ctx.service.version,
    time: ctx.clock.now(),
  };
}
