import { afterAll, beforeAll, expect, it } from 'vitest';
import '../../grading/verify/verify'; // the provers load it late, and a test should not wait for that
import type { LabResult } from '../../grading/verify/verify';
import { type Lab, parseLab } from '../../labs/lab';
import { template } from '../../labs/template';
import { type Installation, install } from '../testing/installation';
import { Provers } from './provers';

let installation: Installation;
let provers: Provers;

beforeAll(async () => {
  installation = await install();
  provers = new Provers(installation.program, () => {}, 2, 4_000);
}, 60_000);

afterAll(async () => {
  provers.close();
  await installation.close();
});

const labWith = (id: string, solution: string): Lab =>
  parseLab({ id, files: { ...template(id), 'solution.sh': solution } });

/** The flaws of the solution, once the proof is done. */
async function prove(id: string, solution: string, seeds = 2): Promise<[boolean, string[]]> {
  const result = await new Promise<LabResult>((resolve) =>
    provers.prove(labWith(id, solution), 'digest', seeds, async (found) => resolve(found)),
  );
  const flaws = result.proofs.find(({ proof }) => proof === 'solution')?.flaws ?? [];
  return [result.ok, flaws.map(({ message }) => message)];
}

it('gives every task to a process, and what they find together is the result', async () => {
  expect(await prove('good', 'true')).toEqual([true, []]);
  expect(await prove('bad', 'echo flaw')).toEqual([false, ['seed 1', 'seed 2']]);
});

it('takes a process that dies or does not end for a flaw of the lab, and goes on', async () => {
  const [ok, flaws] = await prove('dying', 'echo crash');
  expect([ok, flaws]).toEqual([
    false,
    ['solution 1: the process ended (SIGKILL)', 'solution 2: the process ended (SIGKILL)'],
  ]);
  expect(await prove('endless', 'echo hang', 1)).toEqual([false, ['solution 1: it did not end within 4 seconds']]);
  expect(await prove('good', 'true')).toEqual([true, []]);
});

it('gives up a proof when the lab is proved anew', async () => {
  const kept: string[] = [];
  provers.prove(labWith('twice', 'echo hang'), 'first', 5, async () => void kept.push('first'));
  const second = new Promise<void>((resolve) =>
    provers.prove(labWith('twice', 'true'), 'second', 1, async () => {
      kept.push('second');
      resolve();
    }),
  );
  expect(provers.find('twice')?.digest).toBe('second');
  await second;
  expect(kept).toEqual(['second']);
});
