// A sandbox in this process, for the commands that work without the web.
import { fileURLToPath } from 'node:url';
import { grade } from '../grading/grade';
import type { Lab } from '../labs/lab';
import { loadLab } from '../labs/load';
import { toSpec } from '../labs/spec';
import { loadSqlWasm } from '../sandbox/host/sql-wasm';
import { hostTime } from '../sandbox/host/time';
import { Sandbox } from '../sandbox/sandbox';
import type { SandboxSpec } from '../sandbox/spec';

export const LABS = fileURLToPath(new URL('../../labs', import.meta.url));
const EPOCH = Date.UTC(2026, 0, 1); // a world that does not follow the host begins here, so that a seed gives the same world

export interface WorldOptions {
  seed: number;
  /** Follows the host's time; else time jumps. */
  live: boolean;
  pace?: SandboxSpec['pace'];
}

/** Opens a lab's world, with `lab grade` working inside it. */
export async function openLab(id: string, { seed, live, pace }: WorldOptions): Promise<{ sandbox: Sandbox; lab: Lab }> {
  loadSqlWasm();
  const lab = await loadLab(LABS, id);
  const spec = { ...toSpec(lab, seed, live ? Date.now() : EPOCH), ...(pace ? { pace } : {}) };
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
