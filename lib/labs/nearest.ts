// The valid name that somebody probably meant.

/** Optimal string alignment: insertions, deletions, changes, and neighbours swapped. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}

/** The nearest of some names, if one is near enough to be meant. */
function findNearest(given: string, names: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase();
  let best: { name: string; far: number } | undefined;
  for (const name of names) {
    const far = distance(wanted, name.toLowerCase());
    if (!best || far < best.far) best = { name, far };
  }
  return best && best.far <= Math.max(2, Math.ceil(given.length / 3)) ? best.name : undefined;
}

/** ` (did you mean reachability?)`, or nothing. */
export function suggestion(given: string, names: Iterable<string>): string {
  const name = findNearest(given, names);
  return name && name !== given ? ` (did you mean ${name}?)` : '';
}
