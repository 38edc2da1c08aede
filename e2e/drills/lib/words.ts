/** How often each word stands in a text of words that end with a semicolon. */
export function countWords(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.split(';')) if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
