// Who may do what: the one table that every route, page and socket asks.
import { UserError } from './errors';

export type Role = 'student' | 'instructor' | 'author';

/** Who asks, as the session knows them. */
export interface Viewer {
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** How a thing stands to the viewer: theirs (their attempt, a lab of a course that they write), of a course they teach, or neither. */
export type Relation = 'own' | 'taught' | 'foreign';

export type Action =
  | 'lab.list'
  | 'attempt.start'
  | 'attempt.read'
  | 'attempt.grade'
  | 'attempt.finish'
  | 'attempt.terminal'
  | 'attempt.kubeconfig'
  | 'attempt.replay'
  | 'attempt.regrade'
  | 'gradebook.read'
  | 'workshop.read'
  | 'workshop.edit'
  | 'workshop.publish';

const OWN_WORK: Record<Action, readonly Relation[]> = {
  'lab.list': ['own'],
  'attempt.start': ['own'],
  'attempt.read': ['own'],
  'attempt.grade': ['own'],
  'attempt.finish': ['own'],
  'attempt.terminal': ['own'],
  'attempt.kubeconfig': ['own'],
  'attempt.replay': ['own'],
  'attempt.regrade': [],
  'gradebook.read': [],
  'workshop.read': [],
  'workshop.edit': [],
  'workshop.publish': [],
};

const TABLE: Record<Role, Record<Action, readonly Relation[]>> = {
  student: OWN_WORK,
  author: { ...OWN_WORK, 'workshop.read': ['own'], 'workshop.edit': ['own'], 'workshop.publish': ['own'] },
  // Looks on, but types into nobody's terminal.
  instructor: {
    ...OWN_WORK,
    'attempt.read': ['own', 'taught'],
    'attempt.replay': ['own', 'taught'],
    'attempt.regrade': ['taught'],
    'gradebook.read': ['taught'],
  },
};

/** Looks the answer up in the table. */
export const isAllowed = (role: Role, action: Action, relation: Relation): boolean =>
  TABLE[role][action].includes(relation);

/** @throws {UserError} `forbidden` */
export function demand(viewer: Viewer, action: Action, relation: Relation): void {
  if (!isAllowed(viewer.role, action, relation)) throw new UserError('forbidden');
}
