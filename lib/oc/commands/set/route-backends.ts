// oc set route-backends: how much of a route's traffic each service gets (openshift/oc pkg/cli/set/routebackends.go).
import type { Cli, Command } from '../../cli';
import { CliError, throwAll } from '../../errors';
import { boolFlag } from '../../flags/spec';
import { type Dyn, quote } from '../../object';
import { DESCRIBE, tabulate } from '../../printers/tabwriter';
import { type Info, select } from '../../resources/select';
import { changeObjects } from '../../resources/template';
import { OBJECT_FLAGS } from './flags';

interface Input {
  name: string;
  value: number;
  percentage: boolean;
  relative: boolean;
}

const EQUAL = 100;
const MAX_WEIGHT = 256;

export const setRouteBackends: Command = {
  path: 'set route-backends',
  only: 'oc',
  help: {
    usage: 'oc set route-backends ROUTENAME [--zero|--equal] [--adjust] SERVICE=WEIGHT[%] [...] [options]',
    aliases: ['backends'],
    flags: [
      boolFlag('adjust', 'Change one service, relative to the others.'),
      boolFlag('all', 'All routes.'),
      boolFlag('equal', 'The same weight for all.'),
      boolFlag('zero', 'No weight for any.'),
      ...OBJECT_FLAGS,
    ],
  },
  async run(cli) {
    const names = cli.args.filter((word) => !word.includes('='));
    const inputs = cli.args.filter((word) => word.includes('=')).map(parseInput);
    validate(cli, inputs);
    const args = names.length > 0 ? names.map((name) => (name.includes('/') ? name : `routes/${name}`)) : ['routes'];
    const { adjust, equal, zero } = choices(cli);
    if (!adjust && !equal && !zero && inputs.length === 0) return table(cli, args);
    await changeObjects(
      cli,
      (object) => {
        if (object.kind !== 'Route') throw new CliError('the object is not a route');
        write(object, apply(cli, backendsOf(object), inputs));
      },
      { done: 'backends updated', silentWhenSame: true, selection: { args, emptyMeansAll: true } },
    );
  },
};

const choices = ({ flags }: Cli) => ({
  adjust: flags.bool('adjust'),
  equal: flags.bool('equal'),
  zero: flags.bool('zero'),
});

function parseInput(text: string): Input {
  const [name = '', value = '', ...more] = text.split('=');
  const wrong = (why: string) => new CliError(`invalid argument ${quote(text)}: ${why}`);
  if (more.length > 0) throw wrong('only NAME=WEIGHT may be specified');
  const relative = /^[+-]/.test(value);
  const percentage = value.endsWith('%');
  const number = value.replace(/%$/, '');
  if (!/^[-+]?\d+$/.test(number))
    throw wrong(`WEIGHT must be a number: strconv.ParseInt: parsing ${quote(number)}: invalid syntax`);
  return { name, value: Number(number), percentage, relative };
}

function validate(cli: Cli, inputs: Input[]): void {
  const { adjust, equal, zero } = choices(cli);
  if (adjust && zero) throw new CliError('--adjust and --zero may not be specified together');
  if (adjust && equal) throw new CliError('--adjust and --equal may not be specified together');
  if (adjust && inputs.length !== 1) throw new CliError('only one backend may be specified when adjusting');
  if (zero && equal) throw new CliError('--zero and --equal may not be specified together');
  if ((zero || equal) && inputs.length > 0)
    throw new CliError('arguments may not be provided when --zero or --equal is specified');
  const seen = new Set<string>();
  for (const { name, percentage, value } of inputs) {
    if (seen.has(name)) throw new CliError(`backend name ${quote(name)} may only be specified once`);
    seen.add(name);
    if (percentage !== inputs[0]?.percentage) throw new CliError('all backends must either be percentages or weights');
    if (percentage && value < 0 && !adjust) throw new CliError('negative percentages are not allowed');
  }
}

const backendsOf = ({ spec }: Dyn): Dyn[] => [spec.to, ...(spec.alternateBackends ?? [])].map((one) => ({ ...one }));

function write(route: Dyn, [to, ...others]: Dyn[]): void {
  route.spec.to = to;
  if (others.length > 0) route.spec.alternateBackends = others;
  else delete route.spec.alternateBackends;
}

function apply(cli: Cli, backends: Dyn[], inputs: Input[]): Dyn[] {
  const { adjust, equal, zero } = choices(cli);
  if (zero || equal) return backends.map((one) => ({ ...one, weight: zero ? 0 : EQUAL }));
  if (adjust) return adjusted(backends, inputs[0] as Input);
  const total = backends.reduce((n, one) => n + (one.weight ?? 0), 0) || EQUAL;
  return inputs.map(({ name, value, percentage }) => ({
    kind: 'Service',
    name,
    weight: percentage ? Math.round((value * total) / 100) : value,
  }));
}

/** One backend gets more or less; with two, the other gets the rest. */
function adjusted(backends: Dyn[], { name, value, percentage, relative }: Input): Dyn[] {
  const at = backends.findIndex((one) => one.name === name);
  if (at < 0)
    throw new CliError(
      `backend ${quote(name)} is not in the list of backends (${backends.map((one) => one.name).join(', ')})`,
    );
  if (backends.length === 1) throw new CliError('cannot adjust a single backend by relative weight');
  const total = backends.reduce((n, one) => n + (one.weight ?? 0), 0);
  const change = percentage ? Math.round((value * total) / 100) : value;
  const own = Math.min(MAX_WEIGHT, Math.max(0, relative ? (backends[at].weight ?? 0) + change : change));
  const other = at === 0 ? 1 : 0;
  return backends.map((one, i) => {
    if (i === at) return { ...one, weight: own };
    return i === other ? { ...one, weight: Math.max(0, total - own - rest(backends, at, other)) } : one;
  });
}

const rest = (backends: Dyn[], at: number, other: number): number =>
  backends.reduce((n, one, i) => (i === at || i === other ? n : n + (one.weight ?? 0)), 0);

async function table(cli: Cli, args: string[]): Promise<void> {
  const { infos, errors } = await select(cli, { args, emptyMeansAll: true });
  throwAll(errors);
  await cli.out(tabulate(`NAME\tKIND\tTO\tWEIGHT\n${infos.flatMap(rows).join('')}`, DESCRIBE));
}

function rows({ object, resource, name }: Info): string[] {
  const backends = backendsOf(object);
  const total = backends.reduce((n, one) => n + (one.weight ?? 0), 0);
  return backends.map(({ kind, name: to, weight }) => {
    const alone = total === 0 || backends.length === 1;
    const shown = weight === undefined ? '' : alone ? `${total}` : `${weight} (${Math.floor((weight * 100) / total)}%)`;
    return `${resource.name}/${name}\t${kind}\t${to}\t${shown}\n`;
  });
}
