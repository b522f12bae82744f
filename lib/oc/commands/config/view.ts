// oc config view, current-context, get-contexts, get-clusters and get-users.
import type { Cli, Command } from '../../cli';
import { currentContext } from '../../client/address';
import { configObject, type Kubeconfig, loadConfig } from '../../client/kubeconfig';
import { CliError } from '../../errors';
import type { Dyn } from '../../object';
import { RowWriter } from '../../printers/tabwriter';
import { toYaml } from '../../printers/yaml';

const load = (cli: Cli): Kubeconfig => loadConfig(cli.proc, cli.flags.str('kubeconfig'));

export const configView: Command = {
  path: 'config view',
  async run(cli) {
    const { flags } = cli;
    let config = load(cli);
    if (flags.bool('minify')) config = minified(config, currentContext(config, flags));
    const object = configObject(config);
    const shown = flags.bool('raw') ? object : redacted(object);
    const printer = flags.str('output') && flags.str('output') !== 'yaml' ? cli.printer() : undefined;
    if (flags.str('output') === 'json') return cli.out(`${JSON.stringify(goOrder(shown), null, 4)}\n`);
    await cli.out(printer ? printer(shown) : toYaml(shown));
  },
};

/** The fields in the order of Go's struct, as the JSON of a Config has them. */
function goOrder(config: Dyn): Dyn {
  const { kind, apiVersion, preferences, clusters, users, contexts } = config;
  const named = (list: Dyn, field: string) =>
    list?.map((item: Dyn) => ({ name: item.name, [field]: ordered(item[field]) })) ?? null;
  return {
    kind,
    apiVersion,
    preferences,
    clusters: named(clusters, 'cluster'),
    users: named(users, 'user'),
    contexts: named(contexts, 'context'),
    'current-context': config['current-context'],
  };
}

const FIELDS =
  'server tls-server-name insecure-skip-tls-verify certificate-authority certificate-authority-data proxy-url client-certificate client-certificate-data client-key client-key-data token tokenFile username password cluster user namespace'.split(
    ' ',
  );

const ordered = (entry: Dyn): Dyn =>
  Object.fromEntries(Object.entries(entry).sort(([a], [b]) => FIELDS.indexOf(a) - FIELDS.indexOf(b)));

function minified(config: Kubeconfig, name: string): Kubeconfig {
  if (!name) throw new CliError('current-context must exist in order to minify');
  const context = config.contexts[name];
  if (!context) throw new CliError(`cannot locate context ${name}`);
  const only = <T>(all: Record<string, T>, key: string): Record<string, T> =>
    all[key] === undefined ? {} : { [key]: all[key] as T };
  return {
    ...config,
    currentContext: name,
    contexts: only(config.contexts, name),
    clusters: only(config.clusters, context.cluster),
    users: only(config.users, context.user),
  };
}

/** Secrets as kubectl hides them. */
function redacted(object: Dyn): Dyn {
  const text = JSON.stringify(object, (key, value) => {
    if (key === 'certificate-authority-data' || key === 'client-certificate-data') return 'DATA+OMITTED';
    if (key === 'client-key-data') return 'DATA+OMITTED';
    return (key === 'token' || key === 'password') && typeof value === 'string' && value ? 'REDACTED' : value;
  });
  return JSON.parse(text);
}

export const configCurrentContext: Command = {
  path: 'config current-context',
  async run(cli) {
    const { currentContext: name } = load(cli);
    if (!name) throw new CliError('current-context is not set');
    await cli.out(`${name}\n`);
  },
};

export const configGetContexts: Command = {
  path: 'config get-contexts',
  async run(cli) {
    const config = load(cli);
    const names = cli.args.length > 0 ? cli.args : Object.keys(config.contexts).sort();
    const missing = names.find((name) => !config.contexts[name]);
    const head = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'];
    const asNames = cli.flags.str('output') === 'name';
    if (missing !== undefined) {
      if (!asNames && !cli.flags.bool('no-headers')) await cli.out(new RowWriter().format([head]));
      throw new CliError(`context ${missing} not found`);
    }
    if (asNames) return cli.out(names.map((name) => `${name}\n`).join(''));
    const rows = names.map((name) => {
      const { cluster, user, namespace = '' } = config.contexts[name] as Kubeconfig['contexts'][string];
      return [name === config.currentContext ? '*' : '', name, cluster, user, namespace];
    });
    if (!cli.flags.bool('no-headers')) rows.unshift(head);
    await cli.out(new RowWriter().format(rows));
  },
};

const lister = (path: string, names: (config: Kubeconfig) => object): Command => ({
  path,
  async run(cli) {
    await cli.out(['NAME', ...Object.keys(names(load(cli))).sort()].map((name) => `${name}\n`).join(''));
  },
});

export const configGetClusters = lister('config get-clusters', (config) => config.clusters);
export const configGetUsers = lister('config get-users', (config) => config.users);
