// A hint helps to think; it does not hand over a command of the solution.
import { splitCommands } from '../commands';
import type { Proof } from '../proof';

/** Two words that make a command what it is: `oc expose`, `oc set`. */
const START = /(?:^|[\s;&|(`])((?:oc|kubectl|lab|helm|mysql|curl|dig|nc)\s+[a-z][\w-]*)/g;

export const hints: Proof = {
  name: 'hints',
  title: 'No hint contains a command of the solution.',
  plan: ({ definition }) => (definition.checks.some(({ hints }) => hints.length > 0) ? ['all'] : []),
  async run({ lab }) {
    const script = lab.source.files['solution.sh'] ?? '';
    const commands = splitCommands(script).map(({ text }) => normal(text));
    const starts = new Set([...script.matchAll(START)].map(([, start]) => normal(start ?? '')));
    return lab.definition.checks.flatMap(({ id, hints }, i) =>
      hints.flatMap(({ text }) => {
        const given = normal(text);
        const found =
          commands.find((command) => given.includes(command)) ?? [...starts].find((start) => given.includes(start));
        return found
          ? [{ file: 'lab.yaml', message: `checks.${i}.hints: a hint of ${id} holds \`${found}\` of the solution` }]
          : [];
      }),
    );
  },
};

const normal = (text: string): string =>
  text
    .replace(/kubectl/g, 'oc')
    .replace(/\s+/g, ' ')
    .trim();
