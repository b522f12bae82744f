// comm.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { getopt } from '../getopt';
import { fail, Output, refused, twoOperands } from '../tool';
import { compareBytes, type OrderCheck, SortedLines } from './sorted-lines';

export const comm: Program = async (proc) => {
  const options = getopt(proc.argv, '123z', {
    'check-order': 'check-order',
    'nocheck-order': 'nocheck-order',
    'output-delimiter=': 'output-delimiter',
    total: 'total',
    'zero-terminated': 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const operands = await twoOperands(proc, options);
  if (typeof operands === 'number') return operands;
  const [left, right] = operands;
  const check: OrderCheck = options.has('check-order') ? 'always' : options.has('nocheck-order') ? 'never' : 'unpaired';
  const delimiter = options.get('output-delimiter') ?? '\t';
  const end = options.has('z') ? '\0' : '\n';
  const sides = [left, right].map((path) => new SortedLines(proc, path, end.charCodeAt(0))) as [
    SortedLines,
    SortedLines,
  ];
  const order = new Order(proc, sides, check);
  const out = new Output(proc);
  const totals: [number, number, number] = [0, 0, 0];
  const shown = ['1', '2', '3'].map((column) => !options.has(column)) as [boolean, boolean, boolean];
  const write = async (line: string, column: 0 | 1 | 2) => {
    totals[column]++;
    if (!shown[column]) return;
    const before = shown.slice(0, column).filter(Boolean).length;
    await out.add(`${delimiter.repeat(before)}${line}${end}`);
  };
  try {
    let [a, b] = [await sides[0].next(), await sides[1].next()];
    while (a !== undefined || b !== undefined) {
      const way = a === undefined ? 1 : b === undefined ? -1 : compareBytes(a, b);
      if (way === 0) await write(a as string, 2);
      else {
        order.unpaired = true;
        await write((way < 0 ? a : b) as string, way < 0 ? 0 : 1);
      }
      if (way <= 0) a = await order.read(0, out);
      if (way >= 0) b = await order.read(1, out);
    }
  } catch (error) {
    await out.flush();
    if (error instanceof Unsorted) return 1;
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${error.subject}: ${strerror(error)}`);
  }
  if (options.has('total')) await out.add(`${[...totals, 'total'].join(delimiter)}${end}`);
  await out.flush();
  return sides.some(({ unsorted }) => unsorted) ? fail(proc, 'input is not in sorted order') : 0;
};

class Unsorted extends Error {}

class Order {
  unpaired = false;

  constructor(
    private readonly proc: Process,
    private readonly sides: readonly [SortedLines, SortedLines],
    private readonly check: OrderCheck,
  ) {}

  /** The next line of a file, after a look at its place. */
  async read(which: 0 | 1, out: Output): Promise<string | undefined> {
    const side = this.sides[which];
    const line = await side.next();
    const looked = this.check === 'always' || (this.check === 'unpaired' && this.unpaired);
    if (!looked || side.unsorted || side.previous === undefined || side.last === undefined) return line;
    if (compareBytes(side.previous, side.last) <= 0) return line;
    side.unsorted = true;
    await out.flush();
    await fail(this.proc, `file ${which + 1} is not in sorted order`);
    if (this.check === 'always') throw new Unsorted();
    return line;
  }
}
