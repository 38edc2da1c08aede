/** Grounds of avatars: each bears dark text with a contrast above 7 : 1. */
const COLOURS = ['#8fd0c6', '#f3c06d', '#f0a58f', '#a9c4ee', '#cdb5e8', '#b4d38b', '#efb0cb', '#c9c3a6'] as const;

const HASH_FACTOR = 31;

/** A colour that always belongs to the same id, readable below dark text. */
export function colourOf(id: string): string {
  let hash = 0;
  for (const char of id) hash = (hash * HASH_FACTOR + (char.codePointAt(0) ?? 0)) >>> 0;
  return COLOURS[hash % COLOURS.length] ?? COLOURS[0];
}

/** At most two letters for a name or an address. */
export function initialsOf(name: string): string {
  const words = (name.split('@', 1)[0] ?? '').split(/[\s._-]+/).filter((word) => word !== '');
  const letters = words.slice(0, 2).map((word) => Array.from(word)[0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}

/** What an avatar takes. */
export interface AvatarProps {
  readonly id: string;
  readonly name: string;
}

/** Somebody's initials on their colour. Whoever uses it says the name beside it or in a tooltip. */
export const Avatar = ({ id, name }: AvatarProps) => (
  <span className="avatar" style={{ background: colourOf(id) }} aria-hidden>
    {initialsOf(name)}
  </span>
);
