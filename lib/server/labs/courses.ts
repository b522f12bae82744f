// Which labs a course sets.

/** In order: those that it names, and, if it sets every lab, the others of the labs folder. */
export function labsOf(course: { labs: readonly string[]; everyLab: boolean }, inFolder: Iterable<string>): string[] {
  return [...new Set([...course.labs, ...(course.everyLab ? inFolder : [])])];
}
