// Every command of the solution is needed: left out, it costs something. A command that costs nothing is not graded at all, or
// only looks or waits, which `# look` or `# wait` behind it says.
import { splitCommands } from '../commands';
import type { Proof } from '../proof';

const SEED = 1;

const stepsOf = (script: string) => splitCommands(script).filter(({ idle }) => !idle);

export const omissions: Proof = {
  name: 'omissions',
  title: 'Leaving out any one command of the solution loses something.',
  plan: ({ source }) => stepsOf(source.files['solution.sh'] ?? '').map(({ line }) => String(line)),
  async run(bench, key) {
    const script = bench.lab.source.files['solution.sh'] ?? '';
    const line = Number(key);
    const command = splitCommands(script).find((each) => each.line === line);
    const lines = script.split('\n');
    lines.splice(line - 1, command?.text.split('\n').length ?? 1);
    const { report } = await bench.attempt(SEED, lines.join('\n'));
    if (report.score < report.max) return [];
    const [first] = (command?.text ?? '').split('\n');
    return [{ file: 'solution.sh', line, message: `leaving out \`${first}\` loses nothing` }];
  },
};
