/** Events: emitted with COMMIT into the log, read by cursor. */
export { type DeadLetter, type DeadLetterOptions, deadLettersOf, retryDeadLetter } from './dead-letters.ts';
export { defineEvent, type EventDefinition, type LoggedEvent, type PayloadOf } from './event.ts';
export type { EventFeed, FeedSelection } from './feed.ts';
export { type FollowSource, follow } from './follow.ts';
export { createEventFeed, feedErrors } from './log-feed.ts';
export { EventRelay, type HostedSubscriber, type RelayOptions } from './relay.ts';
export { createEventWriter, EVENTS_CHANNEL, type EventWriter } from './writer.ts';
