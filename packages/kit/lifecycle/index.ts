/** Starting, watching and stopping the services of one process. */
export { Host, type HostParts } from './host.ts';
export { startOrder } from './order.ts';
export { Life, type LifeState, type PlatformServiceStatus, type ServiceStatus } from './state.ts';
