// Who reaches whom, all at once, against what is expected. Every cell counts: what should be open and is, and what should be
// closed and is. All open or all closed is worth nothing.
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens, type ProbeResult } from '../lib/grading/contract';
import { runningPods, whySilent } from './backends';
import { count, type From, isNowhere, labelsOf, name, placeOf, port, vantage } from './parameters';

const target = z.union([
  z.strictObject({ host: name, port }),
  z
    .strictObject({ namespace: name, selector: labelsOf, port })
    .describe('The running pods with these labels: reached if each is, not reached if none is.'),
]);

const parameters = z
  .strictObject({
    from: z.record(z.string(), vantage).describe('The rows: places by a name of your choice.'),
    to: z.record(z.string(), target).describe('The columns.'),
    open: z
      .record(z.string(), z.array(z.string()))
      .describe('By row, the columns that are reached; all others are not.'),
  })
  .superRefine(({ from, to, open }, context) => {
    for (const [row, columns] of Object.entries(open)) {
      if (!(row in from)) context.addIssue({ code: 'custom', path: ['open', row], message: `there is no row ${row}` });
      for (const column of columns)
        if (!(column in to))
          context.addIssue({ code: 'custom', path: ['open', row], message: `there is no column ${column}` });
    }
  });
type Parameters = z.infer<typeof parameters>;

interface Cell {
  row: string;
  column: string;
  wanted: boolean;
  seen: boolean;
  ok: boolean;
  reason: string;
}

export const matrix = defineGrader<Parameters>({
  name: 'matrix',
  summary:
    'The whole table of who reaches whom is as expected. Credit for each cell; all open or all closed earns nothing.',
  example: {
    from: { front: { namespace: 'shop', labels: { role: 'front' } }, stranger: 'other' },
    to: { db: { namespace: 'shop', selector: { app: 'db' }, port: 3306 } },
    open: { front: ['db'] },
  },
  parameters,
  expects: ({ from, open }, not) =>
    `${not ? 'it is not so that ' : ''}${Object.keys(from)
      .map((row) => `${row} reaches ${open[row]?.join(', ') || 'nothing'}`)
      .join('; ')}`,
  async look(lens, given) {
    const cells = await cellsOf(lens, given);
    if (typeof cells === 'string') return { holds: 0, observed: 'there is nothing to reach', why: cells, moot: true };
    const wrong = cells.filter(({ ok }) => !ok);
    const observed = `${count(cells.length - wrong.length, 'cell')} of ${cells.length} as expected${wrong.length > 0 ? `; not ${wrong.map(({ row, column, seen }) => `${row} ${seen ? 'reaches' : 'does not reach'} ${column}`).join(', ')}` : ''}`;
    const [first] = wrong;
    return { holds: credit(cells), observed, why: first ? `${first.row} to ${first.column}: ${first.reason}` : '' };
  },
});

/** The part of the open cells that is right, and of the closed ones, less what one gets for doing nothing at all. */
function credit(cells: Cell[]): number {
  const part = (wanted: boolean) => {
    const own = cells.filter((cell) => cell.wanted === wanted);
    return own.length === 0 ? 1 : own.filter(({ ok }) => ok).length / own.length;
  };
  return Math.max(0, part(true) + part(false) - 1);
}

async function cellsOf(lens: Lens, { from, to, open }: Parameters): Promise<Cell[] | string> {
  const cells: Cell[] = [];
  for (const [column, target] of Object.entries(to)) {
    const pods = 'host' in target ? [] : await runningPods(lens, target.namespace, target.selector);
    const hosts = 'host' in target ? [target.host] : pods.map(({ status }) => status?.podIP as string);
    const silent = await whyOneSilent(lens, pods, target.port);
    if (hosts.length === 0) return `no pod that ${column} means is running`;
    for (const [row, place] of Object.entries(from)) {
      const wanted = open[row]?.includes(column) ?? false;
      const { verdict, reason, policy } = await tellingProbe(lens, place, hosts, target.port, wanted);
      const seen = verdict === 'delivered';
      if (isNowhere(reason)) return reason;
      // kept out by not listening is not kept out
      const ok = seen === wanted && (wanted || !silent);

      cells.push({
        row,
        column,
        wanted,
        seen,
        ok,
        reason: seen
          ? policy
            ? `${policy} lets it through`
            : 'no policy keeps it out'
          : (!wanted && silent) || reason,
      });
    }
  }
  return cells;
}

/** Of several pods behind a column the first that is not as wanted: to protect one of them is not enough. */
async function tellingProbe(
  lens: Lens,
  place: From,
  hosts: readonly string[],
  port: number,
  wanted: boolean,
): Promise<ProbeResult> {
  const probes: ProbeResult[] = [];
  for (const host of hosts) probes.push(await lens.connect(placeOf(place), { host, port }));
  return probes.find(({ verdict }) => (verdict === 'delivered') !== wanted) ?? (probes[0] as ProbeResult);
}

async function whyOneSilent(lens: Lens, pods: readonly KubeObject[], port: number): Promise<string | undefined> {
  for (const pod of pods) {
    const silent = await whySilent(lens, pod, { host: pod['status']?.podIP as string, port });
    if (silent) return silent;
  }
  return undefined;
}
