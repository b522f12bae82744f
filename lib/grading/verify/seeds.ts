// Which seeds a lab is tried with: the first so many, and beyond them as many as it takes to see every value that is picked.
import type { LabDefinition } from '../../labs/schema';
import { drawVariables } from '../../labs/variables';

const FURTHEST = 2000; // seeds looked at for a value that no seed has drawn yet
const MOST_VALUES = 40; // of one variable; a longer list is a list of words, not of cases

export function seedsOf({ variables }: LabDefinition, count: number, everyValue: boolean): number[] {
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  if (!everyValue) return seeds;
  const wanted = new Set(
    Object.entries(variables).flatMap(([name, how]) =>
      'pick' in how && how.hidden && how.pick.length <= MOST_VALUES ? how.pick.map((value) => `${name}=${value}`) : [],
    ),
  );
  const drawn = (seed: number) =>
    Object.entries(drawVariables(variables, seed)).map(([name, value]) => `${name}=${value}`);
  for (const seed of seeds) for (const value of drawn(seed)) wanted.delete(value);
  for (let seed = count + 1; wanted.size > 0 && seed < FURTHEST; seed++) {
    const values = drawn(seed).filter((value) => wanted.delete(value));
    if (values.length > 0) seeds.push(seed);
  }
  return seeds;
}
