// Which labs a course sets.

/**
 * In order. A course that sets every lab of the labs folder has them in the folder's order, and then its own; once its authors arranged it,
 * it names those of the folder too, and what has come into the folder since is last.
 */
export function labsOf(
  { labs, everyLab }: { labs: readonly string[]; everyLab: boolean },
  inFolder: ReadonlySet<string>,
): string[] {
  if (!everyLab) return [...labs];
  const isArranged = labs.some((lab) => inFolder.has(lab));
  return [...new Set(isArranged ? [...labs, ...inFolder] : [...inFolder, ...labs])];
}
