// Worlds for proofs: a lab opened with a seed, scripts run in it, the report. What many proofs begin with is made once.
import type { Lab } from '../../labs/lab';
import { toSpec } from '../../labs/spec';
import { drawVariables, substituteKnown, type Variables } from '../../labs/variables';
import { Sandbox } from '../../sandbox/sandbox';
import type { SandboxSpec } from '../../sandbox/spec';
import type { Snapshot } from '../../sim/state';
import type { Report } from '../contract';
import { grade } from '../grade';
import { CHECK_LIMITS, withinLimits } from '../limits';

export const EPOCH = Date.UTC(2026, 0, 1); // a world that does not follow the host begins here, so that a seed gives the same world
const SCRIPT_LIMIT_MS = 24 * 3600 * 1000; // simulated
const SETTLE_MS = 30_000; // simulated; nobody asks for a grade in the very moment of the last command
const SCRIPT_LIMITS = { ...CHECK_LIMITS, realMs: 60_000 };
const KEPT_WORLDS = 2; // prepared worlds kept at once; a proof needs one or two seeds
const OUTPUT_TAIL = 4000; // characters of what a script printed, for a problem's text

/** What a script came to. */
export interface Attempt {
  report: Report;
  /** The end of what it printed. */
  output: string;
}

export interface RunOptions {
  /** Values that stand in place of the seed's own, in the script and in its environment. */
  values?: Variables;
}

/** One lab with the worlds that its proofs use. */
export class Bench {
  private readonly prepared = new Map<number, Promise<{ spec: SandboxSpec; snapshot: Snapshot }>>();

  constructor(readonly lab: Lab) {}

  variables(seed: number): Variables {
    return drawVariables(this.lab.definition.variables, seed);
  }

  /** A copy of the world as the student finds it. */
  async open(seed: number): Promise<Sandbox> {
    let made = this.prepared.get(seed);
    if (!made) {
      const [oldest] = this.prepared.keys();
      if (this.prepared.size >= KEPT_WORLDS && oldest !== undefined) this.prepared.delete(oldest);
      made = this.prepare(seed);
      this.prepared.set(seed, made);
    }
    const { spec, snapshot } = await made;
    return this.make(spec, { kind: 'fork', snapshot });
  }

  /** The world after a script, for who measures. */
  async solve(seed: number, script: string): Promise<Sandbox> {
    const sandbox = await this.open(seed);
    await runScript(sandbox, scriptText(script, this.variables(seed)));
    await sandbox.clock.advance(SETTLE_MS);
    return sandbox;
  }

  /** Runs a script in a copy and grades it. */
  async attempt(seed: number, script: string, { values }: RunOptions = {}): Promise<Attempt> {
    const sandbox = await this.open(seed);
    try {
      const output = await runScript(sandbox, scriptText(script, values ?? this.variables(seed), values));
      await sandbox.clock.advance(SETTLE_MS);
      return { report: await grade(sandbox, this.lab), output };
    } finally {
      sandbox.stop();
    }
  }

  private async prepare(seed: number): Promise<{ spec: SandboxSpec; snapshot: Snapshot }> {
    const spec: SandboxSpec = { ...toSpec(this.lab, seed, EPOCH), pace: 'instant' };
    const sandbox = await this.make(spec, { kind: 'new' });
    await sandbox.clock.settle();
    const snapshot = sandbox.snapshot();
    sandbox.stop();
    return { spec, snapshot };
  }

  private async make(spec: SandboxSpec, origin: Parameters<typeof Sandbox.make>[1]): Promise<Sandbox> {
    const gradeNow = () => sandbox.clock.busy(grade(sandbox, this.lab));
    const sandbox: Sandbox = await Sandbox.make(spec, origin, {
      lab: { grade: gradeNow, started: async () => {}, finished: async () => {} },
    });
    return sandbox;
  }
}

/** A script with the variables of an attempt in it. @param exported values that replace those of the environment */
function scriptText(script: string, values: Variables, exported?: Variables): string {
  const exports = Object.entries(exported ?? {}).map(
    ([name, value]) => `export ${name.toUpperCase()}='${value.replaceAll("'", `'\\''`)}'`,
  );
  return [...exports, substituteKnown(script, values)].join('\n');
}

/** Runs it as the student, without a terminal. @throws when it does not end */
async function runScript(sandbox: Sandbox, script: string): Promise<string> {
  let output = '';
  const decoder = new TextDecoder();
  const collect = {
    name: 'collected',
    read: async () => null,
    write: async (bytes: Uint8Array) =>
      void (output = (output + decoder.decode(bytes, { stream: true })).slice(-OUTPUT_TAIL)),
    close: () => {},
  };
  const shell = sandbox.run(script, { stdout: collect, stderr: collect });
  try {
    await withinLimits(sandbox.clock.drive(shell.exited, SCRIPT_LIMIT_MS), SCRIPT_LIMITS);
  } catch (error) {
    throw new Error(`the script does not end (${(error as Error).message}); it printed:\n${output}`);
  }
  return output;
}
