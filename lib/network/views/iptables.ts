// `iptables-save` on a node whose services are kube-proxy's: chains, hashes and comments as pkg/proxy/iptables writes them.

import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parseAddress } from '../address';
import type { Service, ServicePort } from '../kube';
import type { Network } from '../network';
import { type Backend, clusterIPs } from '../services';
import { calicoRules, type KernelRules } from './calico-rules';
import { weaveRules } from './weave-rules';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CHAIN_HASH_LENGTH = 16;

const NAT_HEAD = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':INPUT ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':POSTROUTING ACCEPT [0:0]',
  ':KUBE-MARK-MASQ - [0:0]',
  ':KUBE-NODEPORTS - [0:0]',
  ':KUBE-POSTROUTING - [0:0]',
  ':KUBE-SERVICES - [0:0]',
];
const NAT_RULES = [
  '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
  '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
  '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
  '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
];
const FILTER_HEAD = [
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ':FORWARD ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':KUBE-SERVICES - [0:0]',
  '-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
];

/** The plug-in's own rules for policies, where it enforces them with iptables. */
export function policyRules(network: Network, node: string | undefined): KernelRules | undefined {
  const { name } = network.plugin;
  if (name === 'Calico' || name === 'Canal') return calicoRules(network, node);
  return name === 'WeaveNet' ? weaveRules(network) : undefined;
}

/** The rules of one node; empty tables where nobody writes them. IPv4. */
export function iptablesSave(network: Network, node?: string): string {
  const ports =
    network.proxyMode === 'iptables' ? [...servicePorts(network)].sort((a, b) => (a.title < b.title ? -1 : 1)) : [];
  if (network.plugin.name === 'OVNKubernetes') return ovnRules(network);
  const filled = ports.filter(({ backends }) => backends.length > 0);
  const nat = filled.map((port) => natRules(network, port));
  const own = policyRules(network, node);
  const lines = [
    ...FILTER_HEAD.slice(0, FILTER_CHAINS),
    ...(own?.chains.map((chain) => `:${chain} - [0:0]`) ?? []),
    ...(own?.rules.filter((rule) => BUILT_IN.test(rule)) ?? []),
    ...FILTER_HEAD.slice(FILTER_CHAINS),
    ...(own?.rules.filter((rule) => !BUILT_IN.test(rule)) ?? []),
    ...ports.filter(({ backends }) => backends.length === 0).map(rejectRule),
    'COMMIT',
    ...NAT_HEAD,
    ...nat.flatMap(({ chains }) => chains.map((chain) => `:${chain} - [0:0]`)),
    ...NAT_RULES,
    ...nat.flatMap(({ rules }) => rules),
    'COMMIT',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const FILTER_CHAINS = 5; // lines of the head before its rules
const BUILT_IN = /^-A (INPUT|FORWARD|OUTPUT) /;

const OVN_NAT_HEAD = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':INPUT ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':POSTROUTING ACCEPT [0:0]',
  ':OVN-KUBE-EXTERNALIP - [0:0]',
  ':OVN-KUBE-NODEPORT - [0:0]',
];

/** OVN-Kubernetes lets the kernel bring node ports and external addresses to the service's own (gateway_iptables.go). */
function ovnRules(network: Network): string {
  const ports = [...servicePorts(network)].sort((a, b) => (a.title < b.title ? -1 : 1));
  const nodePorts = ports.flatMap(({ port, protocol, address }) =>
    port.nodePort
      ? [
          `-A OVN-KUBE-NODEPORT -p ${protocol} -m addrtype --dst-type LOCAL -m ${protocol} --dport ${port.nodePort} -j DNAT --to-destination ${address}:${port.port}`,
        ]
      : [],
  );
  const external = ports.flatMap(({ service, port, protocol, address }) =>
    externalAddresses(service).map(
      (own) =>
        `-A OVN-KUBE-EXTERNALIP -d ${own}/32 -p ${protocol} -m ${protocol} --dport ${port.port} -j DNAT --to-destination ${address}:${port.port}`,
    ),
  );
  const lines = [
    ...FILTER_HEAD.slice(0, 4),
    'COMMIT',
    ...OVN_NAT_HEAD,
    '-A PREROUTING -j OVN-KUBE-EXTERNALIP',
    '-A PREROUTING -j OVN-KUBE-NODEPORT',
    '-A OUTPUT -j OVN-KUBE-EXTERNALIP',
    '-A OUTPUT -j OVN-KUBE-NODEPORT',
    ...external,
    ...nodePorts,
    'COMMIT',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const externalAddresses = ({ spec, status }: Service): string[] =>
  [...(spec?.externalIPs ?? []), ...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])].filter(
    (text) => parseAddress(text)?.family === 4,
  );

interface ProxiedPort {
  title: string;
  service: Service;
  port: ServicePort;
  address: string;
  protocol: string;
  backends: readonly Backend[];
}

function* servicePorts(network: Network): Iterable<ProxiedPort> {
  for (const service of network.services.all()) {
    const address = clusterIPs(service).find((text) => parseAddress(text)?.family === 4);
    if (!address) continue;
    const { namespace = 'default', name } = service.metadata;
    for (const port of service.spec?.ports ?? []) {
      const title = `${namespace}/${name}${port.name ? `:${port.name}` : ''}`;
      const protocol = (port.protocol ?? 'TCP').toLowerCase();
      yield { title, service, port, address, protocol, backends: network.services.backends(service, port, 4) };
    }
  }
}

/** `KUBE-SVC-` and the start of a base32 SHA-256. */
function chain(kind: 'SVC' | 'SEP' | 'EXT', text: string): string {
  const digest = Buffer.from(createHash('sha256').update(text).digest());
  let bits = '';
  for (const byte of digest.subarray(0, 10)) bits += byte.toString(2).padStart(8, '0');
  const letters = bits.match(/.{5}/g)?.map((five) => BASE32[Number.parseInt(five, 2)]) ?? [];
  return `KUBE-${kind}-${letters.slice(0, CHAIN_HASH_LENGTH).join('')}`;
}

const rejectRule = ({ title, address, protocol, port }: ProxiedPort): string =>
  `-A KUBE-SERVICES -d ${address}/32 -p ${protocol} -m comment --comment "${title} has no endpoints" ` +
  `-m ${protocol} --dport ${port.port} -j REJECT --reject-with icmp-port-unreachable`;

function natRules(network: Network, proxied: ProxiedPort): { chains: string[]; rules: string[] } {
  const { title, port, address, protocol, backends } = proxied;
  const svc = chain('SVC', title + protocol);
  const match = `-d ${address}/32 -p ${protocol} -m comment --comment "${title} cluster IP" -m ${protocol} --dport ${port.port}`;
  const nodePort = nodePortRules(proxied, svc);
  const ends = backends.map((backend) => endpointRules(proxied, backend));
  const spread = ends.map(({ sep, to }, i) => {
    const left = ends.length - i;
    const odds = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(11)}` : '';
    return `-A ${svc} -m comment --comment "${title} -> ${to}"${odds} -j ${sep}`;
  });
  return {
    chains: [svc, ...nodePort.chains, ...ends.map(({ sep }) => sep)],
    rules: [
      `-A KUBE-SERVICES ${match} -j ${svc}`,
      ...nodePort.rules,
      `-A ${svc} ! -s ${network.clusterNetwork[0]} ${match} -j KUBE-MARK-MASQ`,
      ...spread,
      ...ends.flatMap(({ rules }) => rules),
    ],
  };
}

function nodePortRules({ title, port, protocol }: ProxiedPort, svc: string): { chains: string[]; rules: string[] } {
  if (!port.nodePort) return { chains: [], rules: [] };
  const ext = chain('EXT', title + protocol);
  const masquerade = `masquerade traffic for ${title} external destinations`;
  return {
    chains: [ext],
    rules: [
      `-A KUBE-NODEPORTS -p ${protocol} -m comment --comment "${title}" -m ${protocol} --dport ${port.nodePort} -j ${ext}`,
      `-A ${ext} -m comment --comment "${masquerade}" -j KUBE-MARK-MASQ`,
      `-A ${ext} -j ${svc}`,
    ],
  };
}

function endpointRules({ title, protocol }: ProxiedPort, { address, port }: Backend) {
  const to = `${address}:${port}`;
  const sep = chain('SEP', title + protocol + to);
  const comment = `-m comment --comment "${title}"`;
  const rules = [
    `-A ${sep} -s ${address}/32 ${comment} -j KUBE-MARK-MASQ`,
    `-A ${sep} -p ${protocol} ${comment} -m ${protocol} -j DNAT --to-destination ${to}`,
  ];
  return { sep, to, rules };
}
