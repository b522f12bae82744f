// npm run lab: an author's commands.
import { readFile } from 'node:fs/promises';
import type { Report } from '../grading/contract';
import { grade } from '../grading/grade';
import { loadLabs } from '../labs/load';
import { main, parse, seedOf, UsageError } from './arguments';
import { LABS, openLab } from './world';

const USAGE = `usage: npm run lab -- list
       npm run lab -- grade ID [--script FILE] [--seed N] [--json]`;
const SCRIPT_LIMIT_MS = 24 * 3600 * 1000; // simulated
const OPTIONS = { script: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } } as const;

await main(async () => {
  const { values, positionals } = parse({ options: OPTIONS, allowPositionals: true }, USAGE);
  const [verb, id] = positionals;
  if (verb === 'list') return list();
  if (verb === 'grade' && id) return gradeScript(id, seedOf(values.seed), values.script, values.json ?? false);
  throw new UsageError(USAGE);
});

async function list(): Promise<number> {
  const { labs, broken } = await loadLabs(LABS);
  for (const lab of labs.values()) console.log(`${lab.id.padEnd(24)} ${lab.definition.title}`);
  for (const error of broken) console.error(error.message);
  return broken.length > 0 ? 1 : 0;
}

/** Runs a script in a fresh workstation and prints the report; without a script the untouched start is graded. */
async function gradeScript(id: string, seed: number, file: string | undefined, json: boolean): Promise<number> {
  const script = file === undefined ? '' : await readFile(file, 'utf8');
  const { sandbox, lab } = await openLab(id, { seed, live: false, pace: 'instant' });
  const ignored = { name: 'ignored', read: async () => null, write: async () => {}, close: () => {} };
  const shell = sandbox.run(script, { stdout: ignored, stderr: ignored });
  await sandbox.clock.drive(shell.exited, SCRIPT_LIMIT_MS);
  const report = await grade(sandbox, lab);
  if (json) console.log(JSON.stringify(report));
  else print(report);
  setImmediate(() => process.exit());
  return 0;
}

function print(report: Report): void {
  for (const check of report.checks) {
    console.log(`${check.status.padEnd(10)} ${check.earned}/${check.points}  ${check.title}`);
    if (check.status === 'passed') continue;
    console.log(`  expected: ${check.expected}\n  observed: ${check.observed}\n  reason:   ${check.reason}`);
  }
  console.log(`${report.score} of ${report.max} points`);
}
