/** Events: emitted with COMMIT into the log, read by cursor. */
export { defineEvent, type EventDefinition, type LoggedEvent, type PayloadOf } from './event.ts';
export type { EventFeed, FeedSelection } from './feed.ts';
