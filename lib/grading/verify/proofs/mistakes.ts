// Common mistakes lose exactly what their author says, no more and no less. The head of each script says it:
//   # loses: database=20, name=20      (by check; or a sum: `# loses: 40`)
//   # after: solution                  (runs the solution first)
import type { Report } from '../../contract';
import { type Flaw, type Proof, printed } from '../proof';

const SEED = 1;
const LOSES = /^#\s*loses:\s*(.+)$/m;
const AFTER = /^#\s*after:\s*solution\s*$/m;
const CENT = 100;

export const mistakes: Proof = {
  name: 'mistakes',
  title: 'Every script in mistakes/ loses exactly the points it says.',
  plan: ({ source }) => Object.keys(source.files).filter((file) => /^mistakes\/[^/]+\.sh$/.test(file)),
  async run(bench, file) {
    const { files } = bench.lab.source;
    const script = files[file] ?? '';
    const said = LOSES.exec(script)?.[1];
    if (!said)
      return [
        { file, line: 1, message: 'its head does not say what it loses: expected a line like `# loses: database=20`' },
      ];
    const { report, output } = await bench.attempt(
      SEED,
      AFTER.test(script) ? `${files['solution.sh'] ?? ''}\n${script}` : script,
    );
    const flaws = compare(file, said, report);
    return flaws.map((flaw, i) => (i === 0 ? { ...flaw, message: `${flaw.message}${printed(output)}` } : flaw));
  },
};

function compare(file: string, said: string, { checks, score, max }: Report): Flaw[] {
  const line = 1;
  if (/^[\d.]+$/.test(said.trim()))
    return round(max - score) === Number(said)
      ? []
      : [{ file, line, message: `expected to lose ${said.trim()} points, loses ${round(max - score)}` }];
  const expected = new Map(said.split(',').map((part) => part.trim().split(/\s*=\s*/) as [string, string]));
  const unknown = [...expected.keys()].filter((id) => !checks.some((check) => check.id === id));
  if (unknown.length > 0) return [{ file, line, message: `there is no check ${unknown.join(', ')}` }];
  return checks.flatMap(({ id, earned, points, reason }) => {
    const loses = round(points - earned);
    const wanted = Number(expected.get(id) ?? 0);
    return loses === wanted
      ? []
      : [
          {
            file,
            line,
            message: `expected to lose ${wanted} points at ${id}, loses ${loses}${reason ? ` (${reason})` : ''}`,
          },
        ];
  });
}

const round = (points: number): number => Math.round(points * CENT) / CENT;
