// A course as an archive: `course.yaml` with its title and the order of its labs, and a folder a lab. Unpacked into `labs/` it
// is a set of lab folders; packed from there it is an archive again.
import { strToU8, zipSync } from 'fflate';
import { stringify } from 'yaml';
import { isLabId } from '../../labs/load';
import { UserError } from '../errors';
import { COURSE_FILE, type CourseFile, parseCourseFile } from '../labs/course-file';
import type { LabFiles } from '../labs/digest';
import { problemsOf } from '../labs/folder';
import { filesProblem } from './files';

const MOST_SHOWN = 20; // problems in one message
/** The oldest that the format knows: the same course gives the same bytes. */
const NO_TIME = new Date(1980, 0, 1);

export interface CourseContent {
  title: string | undefined;
  /** In the order of the course. */
  labs: { id: string; files: LabFiles }[];
}

export function pack({ title, labs }: CourseContent): Uint8Array<ArrayBuffer> {
  const files: LabFiles =
    title === undefined ? {} : { [COURSE_FILE]: stringify({ title, labs: labs.map(({ id }) => id) }) };
  for (const { id, files: own } of labs)
    for (const path of Object.keys(own).sort()) files[`${id}/${path}`] = own[path] as string;
  const bytes = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  return new Uint8Array(zipSync(Object.fromEntries(bytes), { mtime: NO_TIME, level: 9 }));
}

/** A course from the files of an archive; every lab in it is whole. @throws {UserError} `bad-archive` with file and line */
export function toCourse(files: LabFiles): CourseContent {
  const root = rootOf(Object.keys(files));
  const labs = new Map<string, LabFiles>();
  let course: CourseFile | undefined;
  for (const [path, text] of Object.entries(files)) {
    if (!path.startsWith(root)) throw refuse([strayed(path)]);
    const inside = path.slice(root.length);
    const [id = '', ...rest] = inside.split('/');
    if (inside === COURSE_FILE) course = readCourse(text);
    else if (rest.length > 0) labs.set(id, { ...labs.get(id), [rest.join('/')]: text });
    else if (!/^readme(\.\w+)?$|\.json$/i.test(inside)) throw refuse([strayed(path)]);
  }
  if (labs.size === 0) throw refuse(['there is no lab.yaml in it']);
  const problems = [...labs].flatMap(([id, own]) => labProblems(id, own));
  const missing = (course?.labs ?? []).filter((id) => !labs.has(id));
  problems.push(...missing.map((id) => `${COURSE_FILE}: there is no folder ${id}`));
  if (problems.length > 0) throw refuse(problems);
  const order = [...new Set([...(course?.labs ?? []), ...labs.keys()])];
  return { title: course?.title, labs: order.map((id) => ({ id, files: labs.get(id) as LabFiles })) };
}

const strayed = (path: string): string =>
  `${path}: belongs to no lab. Put each lab into a folder, which has its id for a name`;

/** The folders around the lab folders: an archive of the folder `labs` has them below `labs/`. */
function rootOf(paths: string[]): string {
  const nearest = paths
    .filter((path) => path === 'lab.yaml' || path.endsWith('/lab.yaml'))
    .map((path) => path.split('/').slice(0, -2))
    .sort((a, b) => a.length - b.length)[0];
  return nearest && nearest.length > 0 ? `${nearest.join('/')}/` : '';
}

function readCourse(text: string): CourseFile {
  const course = parseCourseFile(text);
  if (typeof course === 'string') throw refuse([course]);
  return course;
}

function labProblems(id: string, files: LabFiles): string[] {
  if (!isLabId(id)) return [`${id}: a lab is named with lower-case letters, digits and dashes`];
  const size = filesProblem(files);
  if (size) return [`${id}: ${size}`];
  return problemsOf(id, files).map(({ file, line, column, message }) => `${id}/${file}:${line}:${column}: ${message}`);
}

function refuse(problems: string[]): UserError {
  const more = problems.length > MOST_SHOWN ? [`and ${problems.length - MOST_SHOWN} more`] : [];
  return new UserError('bad-archive', ['Nothing was imported.', ...problems.slice(0, MOST_SHOWN), ...more].join('\n'));
}
