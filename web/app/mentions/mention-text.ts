/** Somebody who can be mentioned. */
export interface Person {
  readonly id: string;
  readonly email: string;
}

/** A mention that is being typed: what follows the `@`, and where that stands in the text. */
export interface MentionQuery {
  readonly search: string;
  readonly start: number;
}

/** An `@` at the start or behind a space, and what of an address has been typed behind it. */
const TYPED = /(?:^|[\s([{])@([^\s@]{0,64})$/;

/** The mention that is typed at the end of a text; null when none is. */
export function mentionAt(before: string): MentionQuery | null {
  const search = TYPED.exec(before)?.[1];
  return search === undefined ? null : { search, start: before.length - search.length - 1 };
}

/** People by the names under which a text mentions them. */
export type Mentioned = ReadonlyMap<string, Person>;

/** The name for a person that is told from those of everybody mentioned so far: the short one where it is free. */
export function freeName(person: Person, mentioned: Mentioned): string {
  const short = person.email.split('@', 1)[0] ?? person.email;
  const holder = mentioned.get(short);
  return holder === undefined || holder.id === person.id ? short : person.email;
}

/** A text as the API takes it: `@ann` of those who were chosen becomes `@[ann](user:ID)`. */
export function withMentions(text: string, mentioned: Mentioned): string {
  // The longest first: one name may begin with another.
  const names = [...mentioned.keys()].sort((one, other) => other.length - one.length);
  if (names.length === 0) return text;
  const pattern = new RegExp(`(?<![\\w@])@(${names.map(escaped).join('|')})(?![\\w-])`, 'g');
  return text.replace(pattern, (whole, name: string) => {
    const person = mentioned.get(name);
    return person === undefined ? whole : `@[${name}](user:${person.id})`;
  });
}

/** A stored mention: `@[ann](user:ID)`. */
const STORED = /@\[([^\]]*)\]\(user:([0-9a-f-]+)\)/g;

/** A stored text as it is typed, and whom it mentions by which name. */
export function asTyped(body: string): { readonly text: string; readonly mentioned: Mentioned } {
  const mentioned = new Map<string, Person>();
  const text = body.replace(STORED, (_whole, name: string, id: string) => {
    mentioned.set(name, { id, email: name });
    return `@${name}`;
  });
  return { text, mentioned };
}

const escaped = (name: string): string => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
