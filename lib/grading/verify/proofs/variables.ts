// Variables that could be taken for each other: two of them must not draw one value in an attempt.
import { drawVariables } from '../../../labs/variables';
import type { Proof } from '../proof';

const SEEDS = 200; // cheap: nothing is opened

export const variables: Proof = {
  name: 'variables',
  title: 'No two variables draw the same value.',
  plan: ({ definition }) => (Object.keys(definition.variables).length > 1 ? ['all'] : []),
  async run({ lab }) {
    const flaws = new Map<string, string>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const drawn = Object.entries(drawVariables(lab.definition.variables, seed));
      for (const [i, [name, value]] of drawn.entries())
        for (const [other, same] of drawn.slice(0, i))
          if (value === same)
            flaws.set(
              `${name} ${other}`,
              `variables ${other} and ${name} are both ${value} with seed ${seed}: say \`differs: [${other}]\``,
            );
    }
    return [...flaws.values()].map((message) => ({ file: 'lab.yaml', message }));
  },
};
