import { makeDemoTenantCall } from '@candlefish/auth/contract';
import { type Actor, requestScopeOf } from '@candlefish/kit/context';
import type { Host } from '@candlefish/kit/lifecycle';

/** How to sign in to the demo tenant. */
export interface DemoSignIn {
  readonly email: string;
  readonly password: string;
  readonly tenantId: string;
}

/** Makes the demo tenant and every service's demo data in it, where they are missing. All of it is invented. */
export async function makeDemo(host: Host, onProgress: (step: string) => void): Promise<DemoSignIn> {
  const system = host.system('auth', null);
  const { email, password, tenantId, userId } = await system.call(makeDemoTenantCall, {});
  onProgress('demo data is there');
  const owner: Actor = {
    ...system.actor,
    kind: 'user',
    id: userId,
    userId,
    tenantId,
    role: 'owner',
  };
  for (const service of host.services) {
    await service.demo?.(host.ctx(service.name, { ...requestScopeOf(system), actor: owner }));
  }
  return { email, password, tenantId };
}
