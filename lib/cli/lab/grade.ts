// lab grade: runs a script in a fresh workstation and prints the report.
import { readFile } from 'node:fs/promises';
import type { Report } from '../../grading/contract';
import { Bench } from '../../grading/verify/bench';
import { loadLab } from '../../labs/load';
import { loadSqlWasm } from '../../sandbox/host/sql-wasm';

export interface GradeOptions {
  id: string;
  root: string;
  seed: number;
  /** Without one the untouched start is graded. */
  script?: string | undefined;
  json: boolean;
}

export async function gradeScript({ id, root, seed, script, json }: GradeOptions): Promise<number> {
  loadSqlWasm();
  const text = script === undefined ? '' : await readFile(script, 'utf8');
  const bench = new Bench(await loadLab(root, id));
  const { report } = await bench.attempt(seed, text);
  if (json) console.log(JSON.stringify(report));
  else print(report);
  return 0;
}

function print(report: Report): void {
  for (const check of report.checks) {
    const hints = check.hints ? ` (hints: -${check.hints})` : '';
    console.log(`${check.status.padEnd(10)} ${check.earned}/${check.points}  ${check.title}${hints}`);
    if (check.status === 'passed') continue;
    console.log(`  expected: ${check.expected}\n  observed: ${check.observed}\n  reason:   ${check.reason}`);
  }
  console.log(`${report.score} of ${report.max} points${report.complete ? '' : '; some checks could not be graded'}`);
}
