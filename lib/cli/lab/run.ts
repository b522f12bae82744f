// lab run: opens a lab's workstation in this terminal.
import { interact } from '../interact';
import { openLab } from '../world';

export async function run(id: string, seed: number, labs: string): Promise<number> {
  const { sandbox } = await openLab(id, { seed, live: true, labs });
  const status = await interact(sandbox);
  sandbox.stop();
  return status;
}
