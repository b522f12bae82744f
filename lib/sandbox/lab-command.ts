// `lab`: the student's way from the terminal to the product. Starting and finishing run the lab's scripts on this machine as
// the administrator; grading is asked of the host, which grades a snapshot.
import type { Process, Program } from '../machine/process';
import type { Table } from '../sim/state';
import { answer, hint } from './lab-notes';
import type { SandboxSpec } from './spec';

/** What a report must have to be printed; the grading room's Report is one. */
interface PrintableReport {
  score: number;
  max: number;
  checks: {
    title: string;
    earned: number;
    points: number;
    status: string;
    expected: string;
    observed: string;
    reason: string;
  }[];
}

/** What the `lab` command asks of the world's host. */
export interface LabHost {
  grade(): Promise<PrintableReport>;
  started(): Promise<void>;
  finished(): Promise<void>;
}

const USAGE = `usage: lab [-h] {start,grade,finish} EXERCISE
       lab hint [CHECK]
       lab answer [QUESTION [ANSWER]]

  start    prepare the exercise
  grade    grade your work
  finish   clean up
  hint     show the hints of a check, one at a time
  answer   answer a question of the instructions
`;
const VERBS = ['start', 'grade', 'finish'] as const;
const NOTES = { hint, answer };
const LINE_COLUMNS = 64;

export const labCommand =
  (spec: SandboxSpec, host: LabHost, notes: Table): Program =>
  async (proc) => {
    const [verb, lab, ...rest] = proc.argv.slice(1);
    if (verb === 'hint' || verb === 'answer') return NOTES[verb](proc, spec, notes, proc.argv.slice(2));
    if (verb === '-h' || verb === '--help') {
      await proc.print(USAGE);
      return 0;
    }
    const known = VERBS.find((name) => name === verb);
    if (!known || !lab || rest.length > 0) {
      await proc.complain(verb && !known ? `lab: error: unknown command '${verb}'\n${USAGE}` : USAGE);
      return 2;
    }
    if (lab !== spec.lab) {
      await proc.complain(
        `lab: error: the exercise '${lab}' is not open here; this workstation was made for '${spec.lab}'\n`,
      );
      return 1;
    }
    return { start, grade, finish }[known](proc, spec, host);
  };

async function start(proc: Process, spec: SandboxSpec, host: LabHost): Promise<number> {
  await proc.print(`\nStarting lab.\n\n`);
  const code = await step(proc, 'Preparing the cluster', spec.scripts.start);
  if (code === 0) await host.started();
  await proc.print('\n');
  return code;
}

async function finish(proc: Process, spec: SandboxSpec, host: LabHost): Promise<number> {
  await proc.print(`\nFinishing lab.\n\n`);
  const code = await step(proc, 'Cleaning up the cluster', spec.scripts.finish);
  if (code === 0) await host.finished();
  await proc.print('\n');
  return code;
}

async function step(proc: Process, title: string, script: string | undefined): Promise<number> {
  await proc.print(` · ${`${title} `.padEnd(LINE_COLUMNS, '.')} `);
  const { code, output } = script ? await runAsAdministrator(proc, script) : { code: 0, output: '' };
  await proc.print(code === 0 ? 'SUCCESS\n' : `FAIL\n${output}`);
  return code;
}

/** Runs a script text with the administrator's kubeconfig (root's), collecting what it prints. */
export async function runAsAdministrator(proc: Process, script: string): Promise<{ code: number; output: string }> {
  let output = '';
  const decoder = new TextDecoder();
  const collect = { write: (bytes: Uint8Array) => void (output += decoder.decode(bytes, { stream: true })) };
  const child = proc.machine.start(['bash', '-c', script], {
    env: { PATH: '/usr/bin', HOME: '/root', USER: 'root', LANG: 'en_US.UTF-8' },
    cwd: '/root',
    stdout: {
      name: 'collected',
      read: async () => null,
      write: async (bytes) => collect.write(bytes),
      close: () => {},
    },
    stderr: {
      name: 'collected',
      read: async () => null,
      write: async (bytes) => collect.write(bytes),
      close: () => {},
    },
  });
  proc.onExit(() => child.signal('SIGKILL'));
  const { code } = await child.exited;
  return { code, output };
}

async function grade(proc: Process, _spec: SandboxSpec, host: LabHost): Promise<number> {
  await proc.print(`\nGrading lab.\n\n`);
  const report = await host.grade();
  for (const check of report.checks) {
    const word = check.status === 'passed' ? 'PASS' : check.status === 'not-graded' ? 'NOT GRADED' : 'FAIL';
    await proc.print(` · ${`${check.title} `.padEnd(LINE_COLUMNS, '.')} ${word} ${check.earned}/${check.points}\n`);
    if (check.status === 'passed') continue;
    await proc.print(
      `     expected: ${check.expected}\n     observed: ${check.observed}\n     reason:   ${check.reason}\n`,
    );
  }
  const full = report.score === report.max;
  await proc.print(`\nOverall lab grade: ${full ? 'PASS' : 'FAIL'} (${report.score} of ${report.max} points)\n\n`);
  return full ? 0 : 1;
}
