// What one student was given does not pass for another: the solution, run with values of another seed, loses something.
import { drawVariables, type Variables } from '../../../labs/variables';
import type { Bench } from '../bench';
import type { Proof } from '../proof';

const SEED = 1;
const FURTHEST = 200; // seeds looked at for one that draws another value

export const otherSeed: Proof = {
  name: 'other-seed',
  title: "No value of one seed passes for another's.",
  plan: ({ definition, source }) => {
    const script = source.files['solution.sh'] ?? '';
    const used = Object.entries(definition.variables).filter(
      ([name, how]) => !('text' in how) && !('by' in how) && isUsed(script, name),
    );
    return used.map(([name]) => name);
  },
  async run(bench, name) {
    const own = bench.variables(SEED);
    const other = another(bench, name, own);
    if (!other) return [{ file: 'lab.yaml', message: `variable ${name} draws ${own[name]} for everybody` }];
    const { report } = await bench.attempt(SEED, bench.lab.source.files['solution.sh'] ?? '', { values: other });
    if (report.score < report.max) return [];
    return [{ file: 'lab.yaml', message: `variable ${name}: ${other[name]} of another seed passes for ${own[name]}` }];
  },
};

const isUsed = (script: string, name: string) =>
  new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}|\\$\\{?${name.toUpperCase()}\\b`).test(script);

/** The values of the seed, with one variable of another; texts made of it follow. */
function another({ lab }: Bench, name: string, own: Variables): Variables | undefined {
  const { variables } = lab.definition;
  for (let seed = SEED + 1; seed < FURTHEST; seed++) {
    const value = drawVariables(variables, seed)[name];
    if (value === undefined || value === own[name]) continue;
    const changed: Variables = { ...own, [name]: value };
    for (const [each, how] of Object.entries(variables))
      if ('text' in how)
        changed[each] = how.text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, used: string) => changed[used] ?? '');
    return changed;
  }
  return undefined;
}
