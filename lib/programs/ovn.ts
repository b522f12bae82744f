// ovn-nbctl, ovn-sbctl and ovs-vsctl in OVN-Kubernetes' pods: the logical network of their node, from the state that decides.

import type { Process, Program } from '../machine/process';
import { macOfAddress } from '../network/cni/interfaces';
import type { Host } from '../network/hosts';
import { linksOf } from '../network/interfaces';
import type { Network } from '../network/network';
import { clusterIPs } from '../network/services';
import { hash32 } from '../sim/random';
import { networkOf, ownNode } from './network/own-network';

/** A row's UUID, the same for it in every run. */
function uuidOf(name: string): string {
  const digits = [0, 1, 2, 3].map((i) => hash32(`${name}/${i}`).toString(16).padStart(8, '0')).join('');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}

function own(proc: Process): { network: Network; node: Host } | undefined {
  const network = networkOf(proc);
  const name = ownNode(proc);
  const node = name === undefined ? undefined : network.hosts.get(`node/${name}`);
  return node && network.plugin.name === 'OVNKubernetes' ? { network, node } : undefined;
}

async function answer(proc: Process, known: Record<string, (found: NonNullable<ReturnType<typeof own>>) => string>) {
  const command = proc.argv.slice(1).filter((word) => !word.startsWith('-'))[0] ?? '';
  const found = own(proc);
  if (!found) {
    await proc.complain(
      `${proc.name}: unix:/var/run/ovn/db.sock: database connection failed (No such file or directory)\n`,
    );
    return 1;
  }
  const make = known[command];
  if (!make) {
    await proc.complain(
      command
        ? `${proc.name}: not supported: ${command}\n`
        : `${proc.name}: missing command name (use --help for help)\n`,
    );
    return 1;
  }
  await proc.print(make(found));
  return 0;
}

export const ovnNbctl: Program = (proc) =>
  answer(proc, {
    show: ({ network, node }) => switchText(network, node) + routerText(node),
    'ls-list': ({ node }) =>
      [node.name, 'join', 'transit_switch', `ext_${node.name}`].map((name) => `${uuidOf(name)} (${name})\n`).join(''),
    'lr-list': ({ node }) =>
      ['ovn_cluster_router', `GR_${node.name}`].map((name) => `${uuidOf(name)} (${name})\n`).join(''),
    'lb-list': ({ network }) => balancerText(network),
  });

function* podsOn(network: Network, node: Host): Iterable<Host> {
  for (const host of network.hosts.all())
    if (host.kind === 'pod' && host.node === node.name && !host.hostNetwork && host.addresses[0]) yield host;
}

function switchText(network: Network, node: Host): string {
  const management = node.subnets[0]?.at(2) ?? '';
  const ports = [...podsOn(network, node)].map(
    ({ namespace, name, addresses }) =>
      `    port ${namespace}_${name}\n        addresses: ["${macOfAddress(addresses[0] ?? '')} ${addresses.join(' ')}"]\n`,
  );
  return `switch ${uuidOf(node.name)} (${node.name})
${ports.sort().join('')}    port k8s-${node.name}
        addresses: ["${macOfAddress(management)} ${management}"]
    port stor-${node.name}
        type: router
        router-port: rtos-${node.name}
`;
}

function routerText(node: Host): string {
  const [subnet] = node.subnets;
  const gateway = subnet?.at(1) ?? '';
  const address = node.addresses[0] ?? '';
  return `router ${uuidOf('ovn_cluster_router')} (ovn_cluster_router)
    port rtos-${node.name}
        mac: "${macOfAddress(gateway)}"
        networks: ["${gateway}/${subnet?.prefix}"]
router ${uuidOf(`GR_${node.name}`)} (GR_${node.name})
    port rtoe-GR_${node.name}
        mac: "${macOfAddress(address)}"
        networks: ["${address}/24"]
`;
}

function balancerText(network: Network): string {
  const rows = [...network.services.all()].flatMap((service) =>
    clusterIPs(service).flatMap((ip) =>
      (service.spec?.ports ?? []).map((port) => {
        const { namespace, name } = service.metadata;
        const family = ip.includes(':') ? 6 : 4;
        const at = (address: string, number: number) =>
          family === 6 ? `[${address}]:${number}` : `${address}:${number}`;
        const protocol = (port.protocol ?? 'TCP').toLowerCase();
        const title = `Service_${namespace}/${name}`;
        const ends = network.services.backends(service, port, family).map((each) => at(each.address, each.port));
        return `${uuidOf(`${title} ${ip} ${port.port}`)}    ${title.slice(0, 18).padEnd(20)}${protocol.padEnd(11)}${at(ip, port.port).padEnd(23)}${ends.join(',')}\n`;
      }),
    ),
  );
  return `UUID                                    LB                  PROTO      VIP                    IPs\n${rows.sort().join('')}`;
}

export const ovnSbctl: Program = (proc) =>
  answer(proc, {
    show: ({ network, node }) =>
      [...network.hosts.nodes()].map((each) => chassisText(network, each, each === node)).join(''),
  });

/** The own chassis with the ports bound to it, the others with their tunnel. */
function chassisText(network: Network, node: Host, isOwn: boolean): string {
  const ports = isOwn
    ? [...[...podsOn(network, node)].map(({ namespace, name }) => `${namespace}_${name}`).sort(), `k8s-${node.name}`]
    : [];
  return `Chassis "${uuidOf(`chassis ${node.name}`)}"
    hostname: ${node.name}
    Encap geneve
        ip: "${node.addresses[0]}"
        options: {csum="true"}
${ports.map((port) => `    Port_Binding ${port}\n`).join('')}`;
}

export const ovsVsctl: Program = (proc) => {
  const bridges = ['br-ex', 'br-int'];
  return answer(proc, {
    show: ({ network, node }) => vswitchText(network, node),
    'list-br': () => bridges.map((name) => `${name}\n`).join(''),
    'list-ports': ({ network, node }) =>
      (proc.argv.includes('br-ex') ? ['ens3'] : intPorts(network, node)).map((name) => `${name}\n`).join(''),
  });
};

const intPorts = (network: Network, node: Host): string[] =>
  linksOf(network, node.id)
    .filter(({ peer, name }) => peer === 'if2' || name === 'ovn-k8s-mp0')
    .map(({ name }) => name);

function vswitchText(network: Network, node: Host): string {
  const port = (name: string, more = '') => `        Port ${name}\n            Interface ${name}\n${more}`;
  const internal = '                type: internal\n';
  const tunnels = [...network.hosts.nodes()]
    .filter((other) => other !== node)
    .map((other) => {
      const options = `                type: geneve\n                options: {csum="true", key=flow, local_ip="${node.addresses[0]}", remote_ip="${other.addresses[0]}"}\n`;
      return port(`ovn-${uuidOf(`chassis ${other.name}`).slice(0, 6)}-0`, options);
    });
  const own = intPorts(network, node).map((name) => port(name, name === 'ovn-k8s-mp0' ? internal : ''));
  return `${uuidOf(`vswitch ${node.name}`)}
    Bridge br-int
        fail_mode: secure
        datapath_type: system
${port('br-int', internal)}${own.join('')}${tunnels.join('')}    Bridge br-ex
${port('br-ex', internal)}${port('ens3', '                type: system\n')}    ovs_version: "3.4.1-48.el9fdp"
`;
}
