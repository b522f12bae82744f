// lab check: proves labs, on all processors.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { brokenLab, type LabResult, proveLab } from '../../grading/verify/verify';
import { type Lab, LabError } from '../../labs/lab';
import { loadLab } from '../../labs/load';
import { seedOf } from '../arguments';
import { Pool } from './pool';

const SEEDS = 20;

export interface CheckOptions {
  ids: string[];
  root: string;
  seeds?: string | undefined;
  json: boolean;
}

/** Exit status 0 when every lab is proved. */
export async function check({ ids, root, seeds, json }: CheckOptions): Promise<number> {
  const count = seeds === undefined ? SEEDS : seedOf(seeds);
  const started = performance.now();
  const results = await proveAll(root, ids.length > 0 ? ids : await allIds(root), count, json ? () => {} : printResult);
  const ok = results.every((result) => result.ok);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  if (json) console.log(JSON.stringify({ ok, seconds, seeds: count, labs: results }));
  else
    console.log(
      `${results.filter((result) => result.ok).length} of ${results.length} labs proved with ${count} seeds in ${seconds} s`,
    );
  return ok ? 0 : 1;
}

async function allIds(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : [])).sort();
}

/** A broken lab is reported; the others go on. */
export async function proveAll(
  root: string,
  ids: string[],
  seeds: number,
  report: (result: LabResult) => void,
): Promise<LabResult[]> {
  const pool = new Pool();
  try {
    return await Promise.all(
      ids.map(async (id) => {
        const lab = await read(root, id);
        const result =
          lab instanceof LabError
            ? brokenLab(lab)
            : await proveLab(lab, seeds, (task) => pool.run({ root, lab: id, task }));
        report(result);
        return result;
      }),
    );
  } finally {
    pool.close();
  }
}

async function read(root: string, id: string): Promise<Lab | LabError> {
  try {
    return await loadLab(root, id);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}

function printResult({ lab, ok, proofs }: LabResult): void {
  const counts = proofs
    .filter(({ tasks }) => tasks > 0)
    .map(({ proof, tasks, ok }) => `${ok ? '' : '✗ '}${proof} ${tasks}`);
  console.log(`${ok ? 'proved' : 'FAILED'}  ${lab.padEnd(24)} ${counts.join(', ')}`);
  for (const { proof, flaws } of proofs)
    for (const { file, line, column, message } of flaws)
      console.log(
        `  ${join(lab, file)}${[line, column].flatMap((place) => (place === undefined ? [] : `:${place}`)).join('')}: ${proof}: ${message.replaceAll('\n', '\n    ')}`,
      );
}
