// "Did you mean this?": cobra's suggestions for a mistyped command.

const MAX_DISTANCE = 2; // cobra's SuggestionsMinimumDistance

/** Words that kubectl answers with a verb of its own (cobra's SuggestFor). */
const SUGGEST_FOR: Record<string, string[]> = {
  get: ['list', 'ls'],
  wait: ['list', 'ps'],
  delete: ['rm', 'remove'],
  describe: ['inspect'],
  top: ['stats'],
};

/** The known commands that a word may have meant, in their own order. */
export function suggestions(word: string, known: string[]): string[] {
  const typed = word.toLowerCase();
  return known.filter(
    (name) =>
      distance(typed, name.toLowerCase()) <= MAX_DISTANCE ||
      name.toLowerCase().startsWith(typed) ||
      SUGGEST_FOR[name]?.includes(typed),
  );
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + cost));
    }
    row = next;
  }
  return row[b.length] as number;
}
