import type { Host } from '@candlefish/kit/lifecycle';

/** How to sign in to the demo tenant. */
export interface DemoSignIn {
  readonly email: string;
  readonly password: string;
  readonly tenantId: string;
}

export async function makeDemo(_host: Host, _p: (s: string) => void): Promise<DemoSignIn | null> {
  return null;
}
