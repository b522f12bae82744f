// A process of the pool: runs tasks of proofs, and keeps the worlds of the lab that it was last asked about.
import { Bench } from '../../grading/verify/bench';
import type { Flaw } from '../../grading/verify/proof';
import { runTask } from '../../grading/verify/verify';
import { loadLab } from '../../labs/load';
import { loadSqlWasm } from '../../sandbox/host/sql-wasm';
import type { Order } from './pool';

let bench: Bench | undefined;

async function work({ root, lab, task }: Order): Promise<Flaw[]> {
  if (bench?.lab.id !== lab) bench = new Bench(await loadLab(root, lab));
  return runTask(bench, task);
}

loadSqlWasm();
process.on('message', (order: Order) => void work(order).then((flaws) => process.send?.(flaws)));
process.on('disconnect', () => process.exit(0));
