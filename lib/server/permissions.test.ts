import { describe, expect, it } from 'vitest';
import { type Action, demand, isAllowed, type Relation, type Role } from './permissions';

const actions: Action[] = [
  'lab.list',
  'attempt.start',
  'attempt.read',
  'attempt.grade',
  'attempt.finish',
  'attempt.terminal',
  'attempt.kubeconfig',
  'attempt.replay',
];

describe('permissions', () => {
  it.each<[Role, Action, Relation, boolean]>([
    ...actions.flatMap((action): [Role, Action, Relation, boolean][] => [
      ['student', action, 'own', true],
      ['student', action, 'taught', false],
      ['student', action, 'foreign', false],
      ['author', action, 'own', true],
      ['author', action, 'foreign', false],
      ['instructor', action, 'own', true],
      ['instructor', action, 'foreign', false],
    ]),
    ['instructor', 'attempt.read', 'taught', true],
    ['instructor', 'attempt.replay', 'taught', true],
    ['instructor', 'attempt.terminal', 'taught', false],
    ['instructor', 'attempt.kubeconfig', 'taught', false],
    ['instructor', 'attempt.grade', 'taught', false],
    ['instructor', 'gradebook.read', 'taught', true],
    ['instructor', 'gradebook.read', 'foreign', false],
    ['instructor', 'attempt.regrade', 'taught', true],
    ['instructor', 'attempt.regrade', 'own', false],
    ...(['workshop.read', 'workshop.edit', 'workshop.publish'] as const).flatMap(
      (action): [Role, Action, Relation, boolean][] => [
        ['author', action, 'own', true],
        ['author', action, 'foreign', false],
        ['student', action, 'own', false],
        ['instructor', action, 'own', false],
      ],
    ),
    ['student', 'gradebook.read', 'taught', false],
    ['author', 'gradebook.read', 'taught', false],
  ])('%s %s %s: %s', (role, action, relation, allowed) => {
    expect(isAllowed(role, action, relation)).toBe(allowed);
    const viewer = { id: 'u', name: 'U', email: 'u@example.com', role };
    if (allowed) demand(viewer, action, relation);
    else expect(() => demand(viewer, action, relation)).toThrow(expect.objectContaining({ status: 403 }));
  });
});
