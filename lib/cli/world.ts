// A sandbox in this process, for the commands that work without the web.
import { fileURLToPath } from 'node:url';
import { grade } from '../grading/grade';
import { EPOCH } from '../grading/verify/bench';
import type { Lab } from '../labs/lab';
import { loadLab } from '../labs/load';
import { toSpec } from '../labs/spec';
import { loadSqlWasm } from '../sandbox/host/sql-wasm';
import { hostTime } from '../sandbox/host/time';
import { Sandbox } from '../sandbox/sandbox';
import type { SandboxSpec } from '../sandbox/spec';

export const LABS = fileURLToPath(new URL('../../labs', import.meta.url));

export interface WorldOptions {
  seed: number;
  /** Follows the host's time; else time jumps. */
  live: boolean;
  pace?: SandboxSpec['pace'];
  /** Changes what the lab says of its world. */
  change?: (spec: SandboxSpec) => SandboxSpec;
  /** The folder of labs, if not the product's own. */
  labs?: string;
}

/** Opens a lab's world, with `lab grade` working inside it. */
export async function openLab(
  id: string,
  { seed, live, pace, change = (spec) => spec, labs = LABS }: WorldOptions,
): Promise<{ sandbox: Sandbox; lab: Lab }> {
  loadSqlWasm();
  const lab = await loadLab(labs, id);
  const spec = change({ ...toSpec(lab, seed, live ? Date.now() : EPOCH), ...(pace ? { pace } : {}) });
  const gradeNow = () => sandbox.clock.busy(grade(sandbox, lab));
  const sandbox: Sandbox = await Sandbox.make(
    spec,
    { kind: 'new' },
    {
      ...(live ? { time: hostTime } : {}),
      onBug: (error) => {
        console.error(error);
        return 'printed above';
      },
      lab: { grade: gradeNow, started: async () => {}, finished: async () => {} },
    },
  );
  return { sandbox, lab };
}
