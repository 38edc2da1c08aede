import type { Choice } from '@candlefish/ui';
import type { HistorySessionFragment } from '@candlefish/web-graphql/operations/history';
import type { VersionRowFragment } from '@candlefish/web-graphql/operations/versions';
import { actorName } from '../people.ts';
import { fullTime } from '../time.ts';
import { titleOf } from './version-title.ts';

/** A moment in the history of a document: `present`, the id of a version, or a sequence. */
export type Point = string;

/** Two points that are compared. */
export interface Span {
  readonly from: Point;
  readonly to: Point;
}

/** What is known of a history. */
export interface KnownHistory {
  readonly versions: readonly VersionRowFragment[];
  readonly sessions: readonly HistorySessionFragment[];
}

const PRESENT: Choice<Point> = { value: 'present', label: 'As it is now' };
const EMPTY: Choice<Point> = { value: '0', label: 'The empty document' };

/** What a session did, as two points. */
export const spanOf = ({ fromSequence, toSequence }: HistorySessionFragment): Span => ({
  from: String(fromSequence - 1),
  to: String(toSequence),
});

/** Points to choose from, newest first; those in `also` are among them whatever is known. */
export function pointChoices({ versions, sessions }: KnownHistory, also: readonly Point[]): readonly Choice<Point>[] {
  const dated = [
    ...versions.map((version) => ({
      at: version.createdAt,
      choice: { value: version.id, label: `${titleOf(version)} · ${fullTime(version.createdAt)}` },
    })),
    ...sessions.map((session) => ({
      at: session.endedAt,
      choice: {
        value: String(session.toSequence),
        label: `After ${actorName(session.actor)} · ${fullTime(session.endedAt)}`,
      },
    })),
  ];
  dated.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const choices = [PRESENT, ...dated.map(({ choice }) => choice), EMPTY];
  const known = new Set(choices.map(({ value }) => value));
  const missing = also.filter((point) => !known.has(point));
  return [...choices, ...missing.map((point) => ({ value: point, label: `Before change ${Number(point) + 1}` }))];
}
