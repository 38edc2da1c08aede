import type { Dispatcher, ServiceIdentity } from '@candlefish/kit/calls';
import type { Clock, Ids } from '@candlefish/kit/context';
import type { Idempotency } from '@candlefish/kit/idempotency';
import type { Host } from '@candlefish/kit/lifecycle';
import type { ProcessParts } from './process-parts.ts';

/** What the listeners are built on. */
export interface EdgeParts {
  readonly process: ProcessParts;
  readonly host: Host;
  readonly dispatcher: Dispatcher;
  readonly identity: ServiceIdentity;
  readonly idempotency: Idempotency;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether other processes host the rest of the platform and call this one. */
  readonly alone: boolean;
  /** Name this process goes by in calls to others. */
  readonly self: string;
}
