// oc podlab reach: who reaches whom on which port, as a ReachabilityReview answers it.
import type { Cli, Command } from '../../cli';
import { CliError } from '../../errors';
import { boolFlag, stringFlag, stringsFlag } from '../../flags/spec';
import { FLAG_WORDS } from '../../help/words';
import type { Dyn } from '../../object';
import { GET_FORMATS } from '../../printers/output';
import { TABLE, tabulate } from '../../printers/tabwriter';
import { parseLabelSelector } from '../../resources/labels';
import { objectTarget, parsePort, podRef } from './words';

const PATH = '/apis/podlab.dev/v1/reachabilityreviews';
const FORMATS = GET_FORMATS.filter((format) => !format.startsWith('custom-columns'));
/** How a cell of the matrix shows a verdict. */
const MARKS: Record<string, string> = { delivered: '.', dropped: 'X', refused: 'r', 'no-route': '-', reset: 'r' };

interface Cell {
  from: string;
  to: string;
  port: number;
  protocol: string;
  verdict: string;
  policy: string;
}

export const reach: Command = {
  path: 'podlab reach',
  required: ['port'],
  help: {
    long: `Show who reaches whom: a matrix of sources and targets for each port, and the policies that decided.

Sources and targets are all pods of the namespace, unless words or labels choose others.`,
    example: `  # All pods of the project to each other
  oc podlab reach --port 80

  # From the clients to the database and to the service before it
  oc podlab reach --from-selector app=client --to deployment/db,svc/db --port 3306

  # A line for every cell
  oc podlab reach --all-namespaces --port 80,53/udp -o wide`,
    usage: 'oc podlab reach --port=PORT[/PROTOCOL] [--from=PODS] [--to=PODS,SERVICES] [options]',
    flags: [
      stringsFlag('port', 'The ports, as 80, 53/udp.', { short: 'p' }),
      stringsFlag('from', 'Sources: pod/NAME, NAMESPACE/POD or a workload.'),
      stringsFlag('to', 'Targets: pod/NAME, NAMESPACE/POD, a workload or svc/NAME.'),
      stringFlag('from-selector', 'Sources by labels.'),
      stringFlag('to-selector', 'Targets by labels.'),
      stringFlag('to-namespace', 'The namespace of the targets.'),
      boolFlag('all-namespaces', 'Pods of all namespaces.', { short: 'A' }),
      stringFlag('output', FLAG_WORDS['output'] ?? '', { short: 'o' }),
      stringFlag('template', FLAG_WORDS['template'] ?? ''),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    if (cli.args.length > 0) throw cli.usage(`unexpected argument ${JSON.stringify(cli.args[0])}: use --from and --to`);
    const wide = flags.str('output') === 'wide';
    const printer = wide ? undefined : cli.printer({ formats: FORMATS });
    const spec = {
      from: await sides(cli, 'from', (word) => podRef(cli, word)),
      to: await sides(cli, 'to', (word) => targetRef(cli, word)),
      ports: flags.list('port').map(parsePort),
    };
    const body = { apiVersion: 'podlab.dev/v1', kind: 'ReachabilityReview', spec };
    const review = await cli.client.json('POST', PATH, { body });
    const cells: Cell[] = review.status.cells;
    await cli.out(printer ? printer(review) : wide ? list(cells) : matrices(cells));
  },
};

async function targetRef(cli: Cli, word: string): Promise<Dyn> {
  const { pod, service, address } = await objectTarget(cli, word);
  if (address) throw new CliError(`${JSON.stringify(word)} is no pod and no service`);
  return service ? { service } : { namespace: pod.namespace, pod: pod.name };
}

/** One side of the matrix: the words given, else the pods by labels and namespace. */
async function sides(cli: Cli, side: 'from' | 'to', ref: (word: string) => Promise<Dyn>): Promise<Dyn[]> {
  const { flags } = cli;
  const words = flags.list(side);
  const selector = flags.str(`${side}-selector`);
  if (words.length > 0 && selector) throw new CliError(`--${side} and --${side}-selector exclude each other`);
  if (words.length > 0) return Promise.all(words.map(ref));
  if (selector) parseLabelSelector(selector);
  const own = side === 'to' && flags.changed('to-namespace') ? flags.str('to-namespace') : cli.namespace;
  const path = flags.bool('all-namespaces') ? '/api/v1/pods' : `/api/v1/namespaces/${encodeURIComponent(own)}/pods`;
  const list = await cli.client.json('GET', path, { query: { labelSelector: selector || undefined } });
  const pods: Dyn[] = list.items.filter(({ status }: Dyn) => status?.podIP && status.phase === 'Running');
  if (pods.length === 0)
    throw new CliError(
      `no running pods ${selector ? `with ${selector} ` : ''}in ${flags.bool('all-namespaces') ? 'the cluster' : `namespace ${own}`}`,
    );
  return pods.map(({ metadata }) => ({ namespace: metadata.namespace, pod: metadata.name }));
}

function list(cells: Cell[]): string {
  const rows = cells.map((cell) => [cell.from, cell.to, portOf(cell), cell.verdict, cell.policy || '<none>']);
  return rowsText([['FROM', 'TO', 'PORT', 'VERDICT', 'POLICY'], ...rows]);
}

const rowsText = (rows: string[][]): string => `${tabulate(rows.map((row) => row.join('\t')).join('\n'), TABLE)}\n`;
const portOf = ({ port, protocol }: Cell): string => `${port}/${protocol}`;

function matrices(cells: Cell[]): string {
  const ports = [...new Set(cells.map(portOf))];
  const parts = ports.map((port) =>
    matrix(
      port,
      cells.filter((cell) => portOf(cell) === port),
    ),
  );
  const policies = [...new Set(cells.filter(({ policy }) => policy).map(({ policy }) => policy))].sort();
  const seen = new Set(cells.map(({ verdict }) => verdict));
  const legend = Object.entries({
    delivered: '. delivered',
    dropped: 'X dropped',
    refused: 'r refused',
    'no-route': '- no route',
  });
  const shown = legend.filter(([verdict]) => seen.has(verdict)).map(([, text]) => text);
  return `${parts.join('\n')}\n${shown.join('   ')}\n${policies.map((policy) => `decided by ${policy}\n`).join('')}`;
}

/** One port's matrix: a row a source, a column a target; the columns are numbered where their names would not fit. */
function matrix(port: string, cells: Cell[]): string {
  const targets = [...new Set(cells.map(({ to }) => to))];
  const sources = [...new Set(cells.map(({ from }) => from))];
  const short = inOneNamespace([...sources, ...targets]) ? (name: string) => name.replace(/^.*\//, '') : String;
  const byPair = new Map(cells.map((cell) => [`${cell.from} ${cell.to}`, cell]));
  const numbered = targets.map(short).join('   ').length > MAX_WIDTH;
  const titles = targets.map((name, i) => (numbered ? `${i + 1}` : short(name)));
  const rows = sources.map((from) => [
    short(from),
    ...targets.map((to) => MARKS[byPair.get(`${from} ${to}`)?.verdict ?? ''] ?? '?'),
  ]);
  const key = numbered ? targets.map((name, i) => `${String(i + 1).padStart(4)} ${name}\n`).join('') : '';
  return `${key}${rowsText([[port, ...titles], ...rows])}`;
}

const inOneNamespace = (names: string[]): boolean => new Set(names.map((name) => name.split('/')[0])).size === 1;

const MAX_WIDTH = 120; // columns of a terminal that most people have
