// oc top: CPU and memory as the metrics API tells.
import type { Cli, Command } from '../cli';
import { CliError } from '../errors';
import type { Dyn } from '../object';
import { parseQuantity } from '../printers/quantity';
import { RowWriter } from '../printers/tabwriter';

const METRICS = '/apis/metrics.k8s.io/v1beta1';
const MI = 2 ** 20;

const cpu = (text: string): number => Math.ceil((parseQuantity(text) ?? 0) * 1000);
const memory = (text: string): number => Math.floor((parseQuantity(text) ?? 0) / MI);

async function available(cli: Cli): Promise<void> {
  const kinds = await cli.discovery.all();
  if (!kinds.some((r) => r.group === 'metrics.k8s.io')) throw new CliError('Metrics API not available');
}

function checkOrder(by: string): void {
  if (by !== '' && by !== 'cpu' && by !== 'memory') throw new CliError('--sort-by accepts only cpu or memory');
}

export const topPod: Command = {
  path: 'top pod',
  async run(cli) {
    const { flags } = cli;
    checkOrder(flags.str('sort-by'));
    await available(cli);
    const all = flags.bool('all-namespaces');
    const [name] = cli.args;
    const base = `${METRICS}${all ? '' : `/namespaces/${cli.namespace}`}/pods`;
    const items: Dyn[] = name
      ? [await cli.client.json('GET', `${base}/${name}`)]
      : (
          await cli.client.json('GET', base, {
            query: {
              labelSelector: flags.str('selector') || undefined,
              fieldSelector: flags.str('field-selector') || undefined,
            },
          })
        ).items;
    if (items.length === 0)
      return cli.err(all ? 'No resources found\n' : `No resources found in ${cli.namespace} namespace.\n`);
    const use = (list: Dyn[], of: (text: string) => number, field: string) =>
      list.reduce((n: number, c: Dyn) => n + of(c.usage[field] ?? '0'), 0);
    const rows = items.flatMap((item) =>
      flags.bool('containers')
        ? item.containers.map((c: Dyn) => ({
            item,
            name: [item.metadata.name, c.name],
            cpu: cpu(c.usage.cpu),
            memory: memory(c.usage.memory),
          }))
        : [
            {
              item,
              name: [item.metadata.name],
              cpu: use(item.containers, cpu, 'cpu'),
              memory: use(item.containers, memory, 'memory'),
            },
          ],
    );
    rows.sort(order(flags.str('sort-by')));
    const table = rows.map((row) => [
      ...(all ? [row.item.metadata.namespace] : []),
      ...row.name,
      `${row.cpu}m`,
      `${row.memory}Mi`,
    ]);
    if (!flags.bool('no-headers'))
      table.unshift([
        ...(all ? ['NAMESPACE'] : []),
        ...(flags.bool('containers') ? ['POD'] : []),
        'NAME',
        'CPU(cores)',
        'MEMORY(bytes)',
      ]);
    await cli.out(new RowWriter().format(table));
  },
};

interface Row {
  name: string[];
  cpu: number;
  memory: number;
}

function order(by: string): (a: Row, b: Row) => number {
  if (by && by !== 'cpu' && by !== 'memory') throw new CliError('--sort-by accepts only cpu or memory');
  if (by === 'cpu') return (a, b) => b.cpu - a.cpu;
  if (by === 'memory') return (a, b) => b.memory - a.memory;
  return (a, b) => (a.name.join('/') < b.name.join('/') ? -1 : 1);
}

export const topNode: Command = {
  path: 'top node',
  async run(cli) {
    const { flags } = cli;
    await available(cli);
    const [name] = cli.args;
    const items: Dyn[] = name
      ? [await cli.client.json('GET', `${METRICS}/nodes/${name}`)]
      : (
          await cli.client.json('GET', `${METRICS}/nodes`, {
            query: { labelSelector: flags.str('selector') || undefined },
          })
        ).items;
    const nodes: Dyn[] = (await cli.client.json('GET', '/api/v1/nodes')).items;
    const rows = items.map((item) => {
      const status = nodes.find((node) => node.metadata.name === item.metadata.name)?.status ?? {};
      const total = flags.bool('show-capacity') ? status.capacity : status.allocatable;
      const [c, m] = [cpu(item.usage.cpu), memory(item.usage.memory)];
      const part = (value: number, all: number) => (all > 0 ? `${Math.floor((value / all) * 100)}%` : '<unknown>');
      return {
        name: [item.metadata.name as string],
        cpu: c,
        memory: m,
        cells: [
          item.metadata.name,
          `${c}m`,
          part(c, cpu(total?.cpu ?? '0')),
          `${m}Mi`,
          part(m, memory(total?.memory ?? '0')),
        ],
      };
    });
    rows.sort(order(flags.str('sort-by')));
    const table: string[][] = rows.map((row) => row.cells);
    if (!flags.bool('no-headers')) table.unshift(['NAME', 'CPU(cores)', 'CPU%', 'MEMORY(bytes)', 'MEMORY%']);
    await cli.out(new RowWriter().format(table));
  },
};
