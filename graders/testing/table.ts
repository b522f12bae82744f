// Tables of tests for graders: a script makes the situation in a copy of one small cluster, and the check is held.
import { expect, test } from 'vitest';
import type { Verdict } from '../../lib/grading/contract';
import { hold } from '../../lib/grading/hold';
import { SandboxLens } from '../../lib/grading/lens';
import { loadSqlWasm } from '../../lib/sandbox/host/sql-wasm';
import { Sandbox } from '../../lib/sandbox/sandbox';
import type { SandboxSpec } from '../../lib/sandbox/spec';
import type { Snapshot } from '../../lib/sim/state';

export interface Case {
  /** `passes`, `fails` or `cheat`, and what it is about. */
  name: string;
  /** Typed by the cluster's administrator. */
  given?: string;
  grader: string;
  with: Record<string, unknown>;
  not?: boolean;
  /** 1 for passes, 0 for fails and cheats if not given. */
  share?: number;
  reason?: RegExp;
}

const LIMIT_MS = 26 * 3600 * 1000;
const SETTLE_MS = 60_000;

const SPEC: SandboxSpec = {
  lab: 'test',
  title: '',
  seed: 5,
  now: Date.UTC(2026, 0, 1),
  profile: 'openshift',
  network: 'OVNKubernetes',
  workers: 2,
  clusterNetwork: '10.8.0.0/14',
  hostPrefix: 23,
  serviceNetwork: '172.30.0.0/16',
  pace: 'instant',
  variables: {},
  scripts: {
    prepare: 'oc new-project shop --skip-config-write >/dev/null; oc new-project other --skip-config-write >/dev/null',
  },
  login: { user: 'admin', project: 'shop' },
  questions: { colour: { text: 'Which colour?', attempts: 2 } },
};

/** A web server of agnhost behind a label. */
export const WEB = 'registry.k8s.io/e2e-test-images/agnhost:2.43';

let base: Promise<Snapshot> | undefined;

async function prepare(): Promise<Snapshot> {
  loadSqlWasm();
  const sandbox = await Sandbox.make(SPEC, { kind: 'new' }, {});
  await sandbox.clock.settle();
  const snapshot = sandbox.snapshot();
  sandbox.stop();
  return snapshot;
}

async function judge({ given, grader, with: parameters, not = false }: Case): Promise<Verdict> {
  base ??= prepare();
  const sandbox = await Sandbox.make(SPEC, { kind: 'fork', snapshot: await base }, {});
  const fork = await play(sandbox, given);
  const verdict = fork.clock.drive(hold(new SandboxLens(fork, hold), { grader, with: parameters, not }), LIMIT_MS);
  return verdict.finally(() => fork.stop());
}

/** The situation, as a grading finds it: in a fork. */
async function play(sandbox: Sandbox, given: string | undefined): Promise<Sandbox> {
  if (given) {
    await sandbox.clock.drive(sandbox.run(given).exited, LIMIT_MS);
    await sandbox.clock.advance(SETTLE_MS);
  }
  const fork = await sandbox.fork();
  sandbox.stop();
  return fork;
}

/** Runs a table; what a report says must never hold a command. */
export function graderTable(cases: readonly Case[]): void {
  test.each(cases.map((each) => [each.grader, each.name, each] as const))('%s %s', async (_grader, name, each) => {
    const verdict = await judge(each);
    const share = each.share ?? (name.startsWith('passes') ? 1 : 0);
    expect(verdict).toMatchObject({
      share,
      expected: expect.stringMatching(/\S/),
      observed: expect.stringMatching(/\S/),
    });
    if (share === 1) expect(verdict.reason).toBe('');
    else expect(verdict.reason).toMatch(each.reason ?? /\S/);
    expect(`${verdict.observed} ${verdict.reason}`).not.toMatch(/\b(oc|kubectl) [a-z]/);
  });
}
