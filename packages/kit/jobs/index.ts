/** Jobs: retries, timers and outgoing calls, on PostgreSQL. */
export { type DeadJob, deadJobs, dueJobs, retryDeadJob } from './dead-jobs.ts';
export { defineJob, type JobDefinition, type JobOptions, type JobPayloadOf } from './job.ts';
export { JOBS_ROLE, prepareJobs } from './prepare.ts';
export { type HostedCron, type HostedJob, JobRunner, type JobRunnerOptions } from './runner.ts';
export { createJobWriter, type JobEnvelope, type JobWriter } from './writer.ts';
