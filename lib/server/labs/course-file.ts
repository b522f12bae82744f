// `course.yaml` beside the folders of labs: the title of a course, and the order of its labs.
import { parse } from 'yaml';
import { z } from 'zod';

export const COURSE_FILE = 'course.yaml';

const CourseFile = z.strictObject({ title: z.string().min(1).max(120), labs: z.array(z.string()).optional() });
export type CourseFile = z.infer<typeof CourseFile>;

/** What the file says, or what is wrong with it, beginning with its name. */
export function parseCourseFile(text: string): CourseFile | string {
  try {
    const parsed = CourseFile.safeParse(parse(text, { maxAliasCount: 100 }));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return `${COURSE_FILE}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`;
  } catch (error) {
    return `${COURSE_FILE}: ${(error as Error).message.split('\n')[0]}`;
  }
}

/** Those that `order` names first, in its order, then the others. */
export const inOrder = (ids: Iterable<string>, order: readonly string[]): string[] => {
  const all = new Set(ids);
  return [...new Set([...order.filter((id) => all.has(id)), ...all])];
};
