// oc api-resources and oc api-versions: what the server knows.
import type { Command } from '../cli';
import { apiVersion, groupResource, type Resource } from '../client/discovery';
import { CliError } from '../errors';
import { RowWriter } from '../printers/tabwriter';

export const apiResources: Command = {
  path: 'api-resources',
  async run(cli) {
    const { flags } = cli;
    if (cli.args.length > 0) throw cli.usage(`unexpected arguments: [${cli.args.join(' ')}]`);
    const output = flags.str('output');
    if (!['', 'wide', 'name'].includes(output)) throw new CliError(`--output ${output} is not available`);
    const sortBy = flags.str('sort-by');
    if (!['', 'name', 'kind'].includes(sortBy)) throw new CliError('--sort-by accepts only name or kind');
    const found = (await cli.discovery.all(true)).filter(
      (r) =>
        r.preferred &&
        (!flags.changed('namespaced') || r.namespaced === flags.bool('namespaced')) &&
        (!flags.changed('api-group') || r.group === flags.str('api-group')) &&
        flags.list('verbs').every((verb) => r.verbs.includes(verb)) &&
        flags.list('categories').every((category) => r.categories.includes(category)),
    );
    found.sort(
      sortBy === 'name'
        ? by((r) => r.name)
        : sortBy === 'kind'
          ? by((r) => r.kind)
          : by((r) => `${r.group}\0${r.name}`),
    );
    if (output === 'name') return cli.out(found.map((r) => `${groupResource(r)}\n`).join(''));
    const wide = output === 'wide';
    const rows = found.map((r) => [
      r.name,
      r.shortNames.join(','),
      apiVersion(r),
      String(r.namespaced),
      r.kind,
      ...(wide ? [[...r.verbs].sort().join(','), r.categories.join(',')] : []),
    ]);
    if (!flags.bool('no-headers'))
      rows.unshift([
        'NAME',
        'SHORTNAMES',
        'APIVERSION',
        'NAMESPACED',
        'KIND',
        ...(wide ? ['VERBS', 'CATEGORIES'] : []),
      ]);
    await cli.out(new RowWriter().format(rows));
  },
};

const by = (key: (r: Resource) => string) => (a: Resource, b: Resource) =>
  key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;

export const apiVersions: Command = {
  path: 'api-versions',
  async run(cli) {
    if (cli.args.length > 0) throw cli.usage(`unexpected arguments: [${cli.args.join(' ')}]`);
    const all = [...new Set((await cli.discovery.all(true)).map(apiVersion))].sort();
    await cli.out(all.map((one) => `${one}\n`).join(''));
  },
};
