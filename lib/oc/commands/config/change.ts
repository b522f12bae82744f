// oc config set-context, use-context, set-cluster, set-credentials, set, unset, rename-context and the deletions.
import type { Cli, Command } from '../../cli';
import { configFile, type Kubeconfig, loadConfig, saveConfig } from '../../client/kubeconfig';
import { CliError } from '../../errors';
import { parseBool } from '../../flags/parse';
import type { Dyn } from '../../object';

const load = (cli: Cli): Kubeconfig =>
  loadConfig(cli.proc, cli.proc.files.exists(cli.flags.str('kubeconfig') || '/') ? cli.flags.str('kubeconfig') : '');
/** Help, then what was given. */
function wrongArguments(cli: Cli): never {
  throw new CliError(`Unexpected args: [${cli.args.join(' ')}]`, { help: true });
}

const save = (cli: Cli, config: Kubeconfig): void => saveConfig(cli.proc, cli.flags.str('kubeconfig'), config);

export const configUseContext: Command = {
  path: 'config use-context',
  async run(cli) {
    const [name] = cli.args;
    if (cli.args.length !== 1 || !name) return wrongArguments(cli);
    const config = load(cli);
    if (!config.contexts[name]) throw new CliError(`no context exists with the name: "${name}"`);
    save(cli, { ...config, currentContext: name });
    await cli.out(`Switched to context "${name}".\n`);
  },
};

export const configSetContext: Command = {
  path: 'config set-context',
  async run(cli) {
    const { flags } = cli;
    const config = load(cli);
    if (flags.bool('current') && cli.args.length > 0)
      throw new CliError('you cannot specify both a context name and --current');
    const name = flags.bool('current') ? config.currentContext : cli.args[0];
    if (flags.bool('current') && !name) throw new CliError('no current context is set');
    if (cli.args.length === 0 && !name) throw new CliError('you must specify a non-empty context name or --current');
    if (cli.args.length > 1 || !name) throw new CliError(`Unexpected args: [${cli.args.join(' ')}]`);
    const old = config.contexts[name];
    const context: Dyn = { ...(old ?? { cluster: '', user: '' }) };
    for (const field of ['cluster', 'user', 'namespace']) {
      if (!flags.changed(field)) continue;
      if (flags.str(field) || field !== 'namespace') context[field] = flags.str(field);
      else delete context[field];
    }
    save(cli, { ...config, contexts: { ...config.contexts, [name]: context } });
    await cli.out(`Context "${name}" ${old ? 'modified' : 'created'}.\n`);
  },
};

export const configSetCluster: Command = {
  path: 'config set-cluster',
  async run(cli) {
    const { flags } = cli;
    const [name] = cli.args;
    if (cli.args.length !== 1 || !name) throw new CliError(`Unexpected args: [${cli.args.join(' ')}]`);
    const config = load(cli);
    const cluster: Dyn = { ...config.clusters[name] };
    for (const field of ['server', 'tls-server-name', 'proxy-url'])
      if (flags.changed(field)) cluster[field] = flags.str(field);
    if (flags.changed('insecure-skip-tls-verify')) {
      cluster['insecure-skip-tls-verify'] = flags.bool('insecure-skip-tls-verify');
      if (cluster['insecure-skip-tls-verify']) {
        delete cluster['certificate-authority'];
        delete cluster['certificate-authority-data'];
      } else delete cluster['insecure-skip-tls-verify'];
    }
    const ca = flags.str('certificate-authority');
    if (ca) {
      delete cluster['insecure-skip-tls-verify'];
      if (flags.bool('embed-certs')) {
        cluster['certificate-authority-data'] = Buffer.from(cli.readText(ca)).toString('base64');
        delete cluster['certificate-authority'];
      } else cluster['certificate-authority'] = ca.startsWith('/') ? ca : `${cli.proc.cwd}/${ca}`;
    }
    save(cli, { ...config, clusters: { ...config.clusters, [name]: cluster } });
    await cli.out(`Cluster "${name}" set.\n`);
  },
};

export const configSetCredentials: Command = {
  path: 'config set-credentials',
  async run(cli) {
    const { flags } = cli;
    const [name] = cli.args;
    if (cli.args.length !== 1 || !name) throw new CliError(`Unexpected args: [${cli.args.join(' ')}]`);
    if (flags.str('token') && (flags.str('username') || flags.str('password')))
      throw new CliError(
        'you cannot specify more than one authentication method at the same time: --token, --username/--password',
      );
    for (const field of ['client-certificate', 'client-key']) {
      const file = flags.str(field);
      if (file && flags.bool('embed-certs') && !cli.proc.files.exists(file))
        throw new CliError(`could not stat ${field} file ${file}: stat ${file}: no such file or directory`);
    }
    const config = load(cli);
    const user: Dyn = { ...config.users[name] };
    for (const field of ['token', 'username', 'password', 'client-certificate', 'client-key'])
      if (flags.changed(field)) user[field] = flags.str(field);
    if (flags.changed('token')) {
      delete user.username;
      delete user.password;
    } else if (flags.changed('username')) delete user.token;
    save(cli, { ...config, users: { ...config.users, [name]: user } });
    await cli.out(`User "${name}" set.\n`);
  },
};

export const configRenameContext: Command = {
  path: 'config rename-context',
  async run(cli) {
    const [from, to] = cli.args;
    if (cli.args.length !== 2 || !from || !to) throw new CliError(`Unexpected args: [${cli.args.join(' ')}]`);
    const config = load(cli);
    const { [from]: context, ...rest } = config.contexts;
    if (!context)
      throw new CliError(
        `cannot rename the context "${from}", it's not in ${configFile(cli.proc, cli.flags.str('kubeconfig'))}`,
      );
    if (rest[to])
      throw new CliError(
        `cannot rename the context "${from}", the context "${to}" already exists in ${configFile(cli.proc, cli.flags.str('kubeconfig'))}`,
      );
    save(cli, {
      ...config,
      contexts: { ...rest, [to]: context },
      currentContext: config.currentContext === from ? to : config.currentContext,
    });
    await cli.out(`Context "${from}" renamed to "${to}".\n`);
  },
};

function remover(what: 'cluster' | 'context' | 'user', field: 'clusters' | 'contexts' | 'users'): Command {
  return {
    path: `config delete-${what}`,
    async run(cli) {
      const [name] = cli.args;
      if (cli.args.length !== 1 || !name) throw new CliError(`Unexpected args: [${cli.args.join(' ')}]`);
      const config = load(cli);
      const file = configFile(cli.proc, cli.flags.str('kubeconfig'));
      const { [name]: found, ...rest } = config[field] as Record<string, unknown>;
      if (found === undefined) throw new CliError(`cannot delete ${what} ${name}, not in ${file}`);
      if (what === 'context' && config.currentContext === name)
        await cli.err(
          `warning: this removed your active context, use "${cli.program} config use-context" to select a different one\n`,
        );
      save(cli, { ...config, [field]: rest });
      await cli.out(`deleted ${what} ${name} from ${file}\n`);
    },
  };
}

export const configDeletions: Command[] = [
  remover('cluster', 'clusters'),
  remover('context', 'contexts'),
  remover('user', 'users'),
];

/** Where `contexts.NAME.namespace` points to; names may hold dots. */
function locate(config: Kubeconfig, path: string): { holder: Dyn; key: string; isNew?: string } {
  if (path === 'current-context') return { holder: config, key: 'currentContext' };
  const [, kind = '', rest = ''] = /^(clusters|contexts|users)\.(.+)$/.exec(path) ?? [];
  if (!kind) throw new CliError(`unable to parse ${path} after [] at api.Config`);
  const all = config[kind as 'clusters'] as Record<string, Dyn>;
  const name =
    Object.keys(all).find((one) => rest === one || rest.startsWith(`${one}.`)) ?? rest.replace(/\.[^.]*$/, '');
  if (rest === name) return { holder: all, key: name };
  const isNew = all[name] ? {} : { isNew: name };
  return { holder: (all[name] ??= {}), key: rest.slice(name.length + 1), ...isNew };
}

export const configSet: Command = {
  path: 'config set',
  async run(cli) {
    const [path, value] = cli.args;
    if (cli.args.length !== 2 || path === undefined || value === undefined) return wrongArguments(cli);
    const config = load(cli);
    const { holder, key } = locate(config, path);
    holder[key] = key === 'insecure-skip-tls-verify' ? parseBool(value) : value;
    save(cli, config);
    await cli.out(`Property "${path}" set.\n`);
  },
};

export const configUnset: Command = {
  path: 'config unset',
  async run(cli) {
    const [path] = cli.args;
    if (cli.args.length !== 1 || !path) return wrongArguments(cli);
    const config = load(cli);
    const { holder, key, isNew } = locate(config, path);
    if (isNew) throw new CliError(`current map key \`${isNew}\` is invalid`);
    if (holder === config) config.currentContext = '';
    else delete holder[key];
    save(cli, config);
    await cli.out(`Property "${path}" unset.\n`);
  },
};
