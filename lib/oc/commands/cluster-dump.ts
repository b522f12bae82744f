// oc cluster-info dump: objects and logs of namespaces, to standard output or into files.
import type { Cli, Command } from '../cli';
import { ApiError } from '../errors';
import type { Dyn } from '../object';
import { toJson } from '../printers/json';
import { toYaml } from '../printers/yaml';

const KINDS: [file: string, kind: string, path: string][] = [
  ['events', 'EventList', '/api/v1/namespaces/NS/events'],
  ['replication-controllers', 'ReplicationControllerList', '/api/v1/namespaces/NS/replicationcontrollers'],
  ['services', 'ServiceList', '/api/v1/namespaces/NS/services'],
  ['daemonsets', 'DaemonSetList', '/apis/apps/v1/namespaces/NS/daemonsets'],
  ['deployments', 'DeploymentList', '/apis/apps/v1/namespaces/NS/deployments'],
  ['replicasets', 'ReplicaSetList', '/apis/apps/v1/namespaces/NS/replicasets'],
  ['pods', 'PodList', '/api/v1/namespaces/NS/pods'],
];

export const clusterInfoDump: Command = {
  path: 'cluster-info dump',
  async run(cli) {
    const dir = cli.flags.str('output-directory');
    await write(cli, 'nodes', await listOf(cli, 'NodeList', '/api/v1/nodes'));
    for (const namespace of await namespaces(cli)) {
      let pods: Dyn = { items: [] };
      for (const [file, kind, path] of KINDS) {
        const list = await listOf(cli, kind, path.replace('NS', namespace));
        if (kind === 'PodList') pods = list;
        await write(cli, `${namespace}/${file}`, list);
      }
      for (const pod of pods.items) await logs(cli, pod);
    }
    if (dir && dir !== '-') await cli.out(`Cluster info dumped to ${dir}\n`);
  },
};

async function namespaces(cli: Cli): Promise<string[]> {
  if (cli.flags.list('namespaces').length > 0) return cli.flags.list('namespaces');
  if (!cli.flags.bool('all-namespaces')) return [...new Set(['kube-system', cli.namespace])];
  const all = await cli.client.json('GET', '/api/v1/namespaces');
  return all.items.map((item: Dyn) => item.metadata.name);
}

async function listOf(cli: Cli, kind: string, path: string): Promise<Dyn> {
  const { apiVersion, items, metadata } = await cli.client.json('GET', path);
  const { apiVersion: _a, kind: _k, ...rest } = { apiVersion, kind, metadata, items: items ?? [] };
  return { kind, apiVersion, ...rest };
}

async function write(cli: Cli, file: string, object: Dyn): Promise<void> {
  const yaml = cli.flags.str('output') === 'yaml';
  await put(cli, `${file}.${yaml ? 'yaml' : 'json'}`, yaml ? toYaml(object) : `${goOrder(object)}\n`);
}

/** Lists are Go structs here: kind first. */
const goOrder = ({ kind, apiVersion, ...rest }: Dyn): string =>
  toJson(rest).replace(
    /^\{\n/,
    `{\n    "kind": ${JSON.stringify(kind)},\n    "apiVersion": ${JSON.stringify(apiVersion)},\n`,
  );

async function put(cli: Cli, file: string, text: string): Promise<void> {
  const dir = cli.flags.str('output-directory');
  if (!dir || dir === '-') return cli.out(text);
  const { files } = cli.proc;
  const parts = `${dir}/${file}`.split('/');
  for (let i = 2; i < parts.length; i++) {
    const parent = parts.slice(0, i).join('/');
    if (parent && !files.exists(parent)) files.mkdir(parent);
  }
  files.write(`${dir}/${file}`, text);
}

async function logs(cli: Cli, { metadata, spec }: Dyn): Promise<void> {
  const { name, namespace } = metadata;
  let text = '';
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    text += `==== START logs for container ${container.name} of pod ${namespace}/${name} ====\n`;
    text += await cli.client
      .text('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`, {
        query: { container: container.name },
        accept: '*/*',
      })
      .catch((error: unknown) => {
        if (error instanceof ApiError) return `Request log error: ${error.message}\n`;
        throw error;
      });
    text += `==== END logs for container ${container.name} of pod ${namespace}/${name} ====\n`;
  }
  await put(cli, `${namespace}/${name}/logs.txt`, text);
}
