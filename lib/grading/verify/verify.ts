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

const PREPARATION_FAILED = "the lab's preparation failed";
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
    return [flawOf(bench.lab, key, (error as Error).message)];
  }
}

/** A preparation fails for every task alike; anything else is the fault of the script that the task is about. */
function flawOf({ definition, source }: Lab, key: string, message: string): Flaw {
  if (message.startsWith(PREPARATION_FAILED)) return { file: definition.prepare ?? 'lab.yaml', message };
  const about = key.split(' ')[0] ?? '';
  return source.files[about] === undefined
    ? { file: 'lab.yaml', message: `${key}: ${message}` }
    : { file: about, message };
}

/** Each flaw once: the first proof that finds it tells of it. */
function once(results: ProofResult[]): ProofResult[] {
  const told = new Set<string>();
  const isNew = ({ file, line, message }: Flaw): boolean => {
    const text = `${file}:${line} ${message}`;
    return !told.has(text) && told.add(text) !== undefined;
  };
  return results.map((result) => ({ ...result, flaws: result.flaws.filter(isNew) }));
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
  return { lab: lab.id, ok: results.every(({ ok }) => ok), proofs: [format, ...once(results)] };
}

/** A lab that cannot even be read, as a result. */
export function brokenLab(error: LabError): LabResult {
  const flaws =
    error.places.length > 0 ? error.places : error.problems.map((message) => ({ file: 'lab.yaml', message }));
  return { lab: error.lab, ok: false, proofs: [{ ...FORMAT, ok: false, tasks: 1, flaws }] };
}
