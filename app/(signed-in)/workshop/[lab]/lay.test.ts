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

it('puts a check below what it needs, and marks the objective that nothing proves', () => {
  const { boxes, lines } = lay({
    title: 'T',
    variables: {},
    objectives: ['one', 'two'],
    checks: [check('c', undefined, ['b']), check('b', 1, ['a']), check('a', 1)],
  });
  const ofChecks = boxes.filter(({ id }) => !id.startsWith('o'));
  expect(ofChecks.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(ofChecks.map(({ x }) => x)).toEqual([310, 346, 382]);
  expect(new Set(ofChecks.map(({ y }) => y)).size).toBe(3);
  expect(boxes.find(({ id }) => id === 'o2')?.tone).toBe('unproved');
  expect(lines).toEqual([
    { from: 'b', to: 'c', needs: true },
    { from: 'o1', to: 'b', needs: false },
    { from: 'a', to: 'b', needs: true },
    { from: 'o1', to: 'a', needs: false },
  ]);
});
