import { expect, it } from 'vitest';
import { lay } from './lay';

const check = (id: string, objective: number | undefined, needs: string[] = []) => ({
  id,
  title: id,
  points: 10,
  grader: 'dns',
  objective,
  needs,
  required: false,
  bonus: false,
  lesson: [],
  hints: [],
});

it('puts a check to the right of what it needs, and marks the objective that nothing proves', () => {
  const { boxes, lines } = lay({
    title: 'T',
    variables: {},
    objectives: ['one', 'two'],
    checks: [check('c', undefined, ['b']), check('b', 1, ['a']), check('a', 1)],
  });
  const columns = Object.fromEntries(boxes.map(({ id, x }) => [id, x / 320]));
  expect(columns).toEqual({ o1: 0, o2: 0, a: 1, b: 2, c: 3 });
  expect(boxes.find(({ id }) => id === 'o2')?.tone).toBe('unproved');
  expect(lines).toEqual([
    { from: 'b', to: 'c', needs: true },
    { from: 'o1', to: 'b', needs: false },
    { from: 'a', to: 'b', needs: true },
    { from: 'o1', to: 'a', needs: false },
  ]);
});
