import { expect, test } from 'vitest';
import { LabError, parseLab } from './lab';
import { drawVariables, substitute, substituteDeep } from './variables';

const good = `title: T
minutes: 5
objectives: [o]
checks:
  - { id: one, title: One, points: 1, grader: endpoints, with: { namespace: a, service: b, port: 80 } }
`;
const parse = (yaml: string) => parseLab({ id: 'x', files: { 'lab.yaml': yaml, 'README.md': '' } });

test('a minimal lab gets the defaults', () => {
  const { definition } = parse(good);
  expect(definition.cluster).toMatchObject({
    profile: 'openshift',
    network: 'OVNKubernetes',
    workers: 2,
    hostPrefix: 23,
  });
});

test.each([
  ['title: [', /lab\.yaml:1:/],
  [good.replace('minutes: 5', 'minutes: many'), /lab\.yaml:2:10: minutes: .*number/],
  [good.replace('points: 1', 'points: 1, colour: red'), /lab\.yaml:5:39: checks\.0: .*colour/],
  [`${good}start: setup/start.sh\n`, /setup\/start\.sh: missing/],
])('a broken lab is refused with file, line and column: %#', (yaml, message) => {
  expect(() => parse(yaml)).toThrow(LabError);
  expect(() => parse(yaml)).toThrow(message);
});

test('variables depend on the seed and on their name only', () => {
  const one = { user: { pattern: 'user[0-9]{3}' } };
  const two = { ...one, other: { pick: ['a', 'b'] } };
  expect(drawVariables(one, 7)['user']).toMatch(/^user\d{3}$/);
  expect(drawVariables(two, 7)['user']).toBe(drawVariables(one, 7)['user']);
  expect(new Set(Array.from({ length: 20 }, (_, seed) => drawVariables(one, seed)['user'])).size).toBeGreaterThan(15);
});

test('substitution reaches every string and names an unknown variable', () => {
  expect(substituteDeep({ a: ['x{{ n }}y', 3] }, { n: '1' })).toEqual({ a: ['x1y', 3] });
  expect(() => substitute('{{m}}', { n: '1' })).toThrow('unknown variable {{m}}; known: n');
});
