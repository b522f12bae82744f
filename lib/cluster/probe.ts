// A place to look from: a pod's network with an image's programs, known to the network and to nobody else. Quotas, schedulers
// and admission do not see it, so a grader's look changes nothing and cannot be refused.
import type { Pull } from '../images/image';
import { FileSystem, Mounts } from '../machine/fs';
import { Machine, type Programs } from '../machine/machine';
import { type Fabric, NetStack } from '../machine/net';
import type { PodAddresses } from '../network/ipam';
import { podResolvConf } from '../network/resolver';
import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import { singleFile } from './kubelet/security';

export interface ProbeOptions {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  node: string;
  image: string;
  clusterDNS: string;
  nodeDns: { nameservers: string[]; search: string[] };
  clock: Clock;
  random: Random;
  fabric: Fabric;
  programs: Programs;
  pull: (reference: string) => Pull;
  addresses: PodAddresses;
  onBug: (error: unknown) => string;
}

/** Makes it; throws when the image is not there or no address is left. */
export function probe(options: ProbeOptions): Machine {
  const { namespace, name, labels, node, clock, random, fabric } = options;
  const pulled = options.pull(options.image);
  if ('error' in pulled) throw new Error(pulled.error);
  const address = options.addresses.allocate(node, { namespace });
  fabric.network.apply({
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { nodeName: node, containers: [{ name }] },
    status: {
      phase: 'Running',
      podIP: address,
      podIPs: [{ ip: address }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  const resolv = podResolvConf({ namespace, clusterDNS: options.clusterDNS, node: options.nodeDns });
  const now = () => clock.now();
  const mounts = new Mounts(new FileSystem(pulled.image.files, undefined, now));
  const etc = { 'resolv.conf': resolv, hosts: `127.0.0.1\tlocalhost\n${address}\t${name}\n`, hostname: `${name}\n` };
  for (const [file, text] of Object.entries(etc))
    mounts.mount(`/etc/${file}`, new FileSystem(singleFile(text), undefined, now, true));
  return new Machine({
    id: `probe/${namespace}/${name}`,
    hostname: name,
    clock,
    random: random.fork(name),
    mounts,
    net: new NetStack(fabric, `pod/${namespace}/${name}`, () => [address]),
    programs: options.programs,
    libc: pulled.image.libc,
    lowPorts: true,
    initDies: true,
    onBug: options.onBug,
  });
}
