// How the words of `oc podlab` name places in the network: `pod/web`, `shop/web`, `svc/db:3306`, `node/worker01`, `http://…`.
import type { Cli } from '../../cli';
import { CliError } from '../../errors';
import type { Dyn } from '../../object';
import { findPod } from '../../resources/pods';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'];
const WORKLOADS =
  /^(po|pods?|deploy|deployments?|rs|replicasets?|sts|statefulsets?|ds|daemonsets?|jobs?|dc|deploymentconfigs?|rc|replicationcontrollers?)(\.[\w.]+)?$/;
const SERVICES = /^(svc|services?)$/;
const NODES = /^(no|nodes?)$/;
const HOSTS = /^(host|outside)$/;
const URL_PORTS: Record<string, number> = { http: 80, https: 443 };

/** `TCP/80`, `80/tcp`, `80`. */
export function parsePort(word: string): { port: number; protocol: string } {
  const [, port = '', protocol = 'tcp'] =
    /^(\d+)(?:\/([a-z]+))?$/i.exec(word.replace(/^([a-z]+)\/(\d+)$/i, '$2/$1')) ?? [];
  if (port === '') throw new CliError(`invalid port ${JSON.stringify(word)}: must be NUMBER or NUMBER/PROTOCOL`);
  return { port: Number(port), protocol: parseProtocol(protocol) };
}

export function parseProtocol(word: string): string {
  const protocol = word.toUpperCase();
  if (PROTOCOLS.includes(protocol)) return protocol;
  throw new CliError(`invalid protocol ${JSON.stringify(word)}: must be one of TCP, UDP, SCTP, ICMP`);
}

/** A source: a pod (of a workload), a node, or a host outside. */
export async function parseSource(cli: Cli, word: string): Promise<Dyn> {
  const [type, name, ...rest] = word.split('/');
  if (word === '' || rest.length > 0 || name === '') throw badWord(word);
  if (name === undefined) return word === 'workstation' ? { host: word } : { namespace: cli.namespace, pod: word };
  if (NODES.test(type ?? '')) return { node: name };
  if (HOSTS.test(type ?? '')) return { host: name };
  return podRef(cli, word);
}

/** A pod as the reviews name it: `pod/NAME`, a workload's first pod, or `NAMESPACE/NAME`. */
export async function podRef(cli: Cli, word: string): Promise<{ namespace: string; pod: string }> {
  const [type = '', name, ...rest] = word.split('/');
  if (word === '' || rest.length > 0 || name === '') throw badWord(word);
  if (name === undefined) return { namespace: cli.namespace, pod: type };
  if (/^(po|pods?)$/.test(type)) return { namespace: cli.namespace, pod: name };
  if (!WORKLOADS.test(type)) return { namespace: type, pod: name };
  const { metadata } = await findPod(cli, word);
  return { namespace: metadata.namespace, pod: metadata.name };
}

const badWord = (word: string) =>
  new CliError(`${JSON.stringify(word)} names no place: use pod/NAME, NAMESPACE/POD, node/NAME or host/NAME`);

export interface Target {
  to: Dyn;
  port?: number;
}

/** A target with the port behind its colon, if there is one. */
export async function parseTarget(cli: Cli, word: string): Promise<Target> {
  const url = /^([a-z]+):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?(?:\/.*)?$/.exec(word);
  if (url) return nameTarget(url[2] as string, Number(url[3] ?? URL_PORTS[url[1] as string] ?? 0));
  const [, bare = word, port] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(word) ?? [];
  if (!bare.includes('/')) return nameTarget(bare, Number(port ?? 0));
  return { to: await objectTarget(cli, bare), ...(port && { port: Number(port) }) };
}

function nameTarget(word: string, port: number): Target {
  const host = word.replace(/^\[|\]$/g, '');
  const isAddress = host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
  return { to: isAddress ? { address: host } : { name: host }, ...(port && { port }) };
}

/** `svc/NAME`, `pod/NAME`, `node/NAME`, a workload, or `NAMESPACE/POD`. */
export async function objectTarget(cli: Cli, word: string): Promise<Dyn> {
  const [type = '', name = ''] = word.split('/');
  if (SERVICES.test(type)) return { service: { namespace: cli.namespace, name } };
  if (NODES.test(type)) return { address: await nodeAddress(cli, name) };
  const { namespace, pod } = await podRef(cli, word);
  return { pod: { namespace, name: pod } };
}

async function nodeAddress(cli: Cli, name: string): Promise<string> {
  const node = await cli.client.json('GET', `/api/v1/nodes/${encodeURIComponent(name)}`);
  const found = node.status?.addresses?.find((each: Dyn) => each.type === 'InternalIP')?.address;
  if (!found) throw new CliError(`node ${name} has no address`);
  return found;
}

/** The one port of a service; throws when it has several. */
export async function onlyPort(cli: Cli, { namespace, name }: Dyn): Promise<{ port: number; protocol: string }> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}`;
  const service = await cli.client.json('GET', path);
  const ports: Dyn[] = service.spec.ports ?? [];
  if (ports.length === 1) return { port: ports[0].port, protocol: ports[0].protocol ?? 'TCP' };
  const list = ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`).join(', ');
  throw new CliError(
    `service ${name} has ${ports.length === 0 ? 'no ports' : `several ports (${list})`}: name one with svc/${name}:PORT`,
  );
}
