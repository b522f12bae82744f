// Proves a lab: plans the tasks of all proofs and puts together what they find. Where the tasks run is up to the caller.
import type { Lab, LabError } from '../../labs/lab';
import { Bench } from './bench';
import type { Flaw, Task } from './proof';
import { proofs } from './proofs';

/** One proof of a lab. */
interface ProofResult {
  proof: string;
  title: string;
  ok: boolean;
  /** How many tasks it took. */
  tasks: number;
  flaws: Flaw[];
}

/** A lab proved, or not. */
export interface LabResult {
  lab: string;
  ok: boolean;
  proofs: ProofResult[];
}

const FORMAT = { proof: 'format', title: 'The lab keeps to the format.' };

const planTasks = (lab: Lab, seeds: number): Task[] =>
  proofs.flatMap(({ name, plan }) => plan(lab, seeds).map((key) => ({ proof: name, key })));

/** Runs one task. Whatever is thrown is a flaw of the lab: a script that does not end, a preparation that fails. */
export async function runTask(bench: Bench, { proof, key }: Task): Promise<Flaw[]> {
  const found = proofs.find(({ name }) => name === proof);
  if (!found) throw new Error(`there is no proof ${proof}`);
  try {
    return await found.run(bench, key);
  } catch (error) {
    return [{ file: 'lab.yaml', message: `${proof} ${key}: ${(error as Error).message}` }];
  }
}

/** Runs the tasks of a lab; the default does it here, one after the other. */
export async function proveLab(lab: Lab, seeds: number, run?: (task: Task) => Promise<Flaw[]>): Promise<LabResult> {
  const bench = new Bench(lab);
  const tasks = planTasks(lab, seeds);
  const work = run ?? ((task: Task) => runTask(bench, task));
  const found: Flaw[][] = [];
  if (run) found.push(...(await Promise.all(tasks.map(work))));
  else for (const task of tasks) found.push(await work(task));
  const format: ProofResult = { ...FORMAT, ok: true, tasks: 1, flaws: [] };
  const results = proofs.map(({ name, title }): ProofResult => {
    const own = tasks.flatMap(({ proof }, i) => (proof === name ? [found[i] as Flaw[]] : []));
    const flaws = own.flat();
    return { proof: name, title, ok: flaws.length === 0, tasks: own.length, flaws };
  });
  return { lab: lab.id, ok: results.every(({ ok }) => ok), proofs: [format, ...results] };
}

/** A lab that cannot even be read, as a result. */
export function brokenLab(error: LabError): LabResult {
  const flaws =
    error.places.length > 0 ? error.places : error.problems.map((message) => ({ file: 'lab.yaml', message }));
  return { lab: error.lab, ok: false, proofs: [{ ...FORMAT, ok: false, tasks: 1, flaws }] };
}
