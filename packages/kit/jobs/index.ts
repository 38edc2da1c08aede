/** Jobs: retries, timers and outgoing calls, on PostgreSQL. */
export { defineJob, type JobDefinition, type JobOptions, type JobPayloadOf } from './job.ts';
