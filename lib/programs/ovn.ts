// ovn-nbctl, ovn-sbctl and ovs-vsctl in OVN-Kubernetes' pods: the logical network of their node, from the state that decides.

import type { Process, Program } from '../machine/process';
import { macOfAddress, macOfName } from '../network/cni/interfaces';
import type { Host } from '../network/hosts';
import { linksOf } from '../network/interfaces';
import type { Network } from '../network/network';
import { clusterIPs } from '../network/services';
import { type Acl, aclLine, type OvnPolicies, ovnPolicies } from '../network/views/ovn-acls';
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
    'acl-list': ({ network, node }) => {
      const policies = ovnPolicies(network, node);
      const owner = operandsOf(proc)[1];
      const rank = ({ direction, priority }: Acl) => `${direction} ${10_000 - priority}`;
      return policies.acls
        .filter((each) => each.owner === owner)
        .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
        .map(aclLine)
        .join('');
    },
    list: ({ network, node }) => tableText(ovnPolicies(network, node), operandsOf(proc)[1] ?? ''),
  });

const operandsOf = (proc: Process): string[] => proc.argv.slice(1).filter((word) => !word.startsWith('-'));

/** Rows of a table of the northbound database, one below the other. */
function tableText({ acls, groups, sets }: OvnPolicies, table: string): string {
  const quoted = (text: string) => (/^[A-Za-z_][\w.-]*$/.test(text) ? text : JSON.stringify(text));
  const list = (items: readonly string[]) => `[${items.join(', ')}]`;
  const tables: Record<string, [string, string][][]> = {
    acl: acls.map(({ owner, name, direction, priority, match, action }) => [
      ['_uuid', uuidOf(`acl ${owner} ${direction} ${priority} ${match}`)],
      ['action', action],
      ['direction', direction],
      ['label', '0'],
      ['log', 'false'],
      ['match', JSON.stringify(match)],
      ['meter', 'acl-logging'],
      ['name', quoted(name)],
      ['options', direction === 'from-lport' ? '{apply-after-lb="true"}' : '{}'],
      ['priority', String(priority)],
      ['severity', '[]'],
      ['tier', '2'],
    ]),
    port_group: groups.map(({ name, ports, externalIds }) => [
      ['_uuid', uuidOf(`group ${name}`)],
      [
        'acls',
        list(
          acls
            .filter((each) => each.owner === name)
            .map((each) => uuidOf(`acl ${each.owner} ${each.direction} ${each.priority} ${each.match}`)),
        ),
      ],
      [
        'external_ids',
        `{${Object.entries(externalIds)
          .map(([key, value]) => `${quoted(key)}=${quoted(value)}`)
          .join(', ')}}`,
      ],
      ['name', quoted(name)],
      ['ports', list(ports.map((port) => uuidOf(`port ${port}`)))],
    ]),
    address_set: sets.map(({ name, addresses }) => [
      ['_uuid', uuidOf(`set ${name}`)],
      ['addresses', list(addresses.map((each) => JSON.stringify(each)))],
      ['external_ids', '{}'],
      ['name', quoted(name)],
    ]),
  };
  const rows = tables[table.toLowerCase()];
  if (!rows) return `not supported: list ${table}\n`;
  return rows.map((row) => row.map(([key, value]) => `${key.padEnd(20)}: ${value}\n`).join('')).join('\n');
}

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

const COOKIE_DIGITS = 8;

/** The first and the last table of br-int: which logical port a packet comes from, and which device it leaves by. What ovn-controller writes between them is the logical flows' own. */
export const ovsOfctl: Program = (proc) =>
  answer(proc, {
    show: ({ network, node }) =>
      `OFPT_FEATURES_REPLY (xid=0x2): dpid:0000${macOfAddress(node.addresses[0] ?? '').replaceAll(':', '')}\nn_tables:254, n_buffers:0\n${flowPorts(
        network,
        node,
      )
        .map(
          (name, i) =>
            ` ${i + 1}(${name}): addr:${macOfName(name)}\n     config:     0\n     state:      0\n     speed: 0 Mbps now, 0 Mbps max\n`,
        )
        .join('')}OFPT_GET_CONFIG_REPLY (xid=0x4): frags=normal miss_send_len=0\n`,
    'dump-ports-desc': ({ network, node }) =>
      `OFPST_PORT_DESC reply (xid=0x2):\n${flowPorts(network, node)
        .map((name, i) => ` ${i + 1}(${name}): addr:${macOfName(name)}\n`)
        .join('')}`,
    'dump-flows': ({ network, node }) => flowText(proc, network, node),
  });

const flowPorts = (network: Network, node: Host): string[] => [
  ...intPorts(network, node),
  ...[...network.hosts.nodes()].filter((other) => other !== node).map((other) => tunnelName(other)),
];

const tunnelName = (node: Host): string => `ovn-${uuidOf(`chassis ${node.name}`).slice(0, 6)}-0`;

function flowText(proc: Process, network: Network, node: Host): string {
  const table = operandsOf(proc)
    .map((word) => /^table=(\d+)/.exec(word)?.[1])
    .find(Boolean);
  const seconds = `${Math.floor((proc.machine.clock.now() / 1000) % 1_000_000)}.${String(proc.machine.clock.now() % 1000).padStart(3, '0')}s`;
  const flow = (number: number, key: string, rest: string) =>
    table !== undefined && Number(table) !== number
      ? ''
      : ` cookie=0x${uuidOf(`flow ${key}`).slice(0, COOKIE_DIGITS)}, duration=${seconds}, table=${number}, n_packets=0, n_bytes=0, idle_age=0, ${rest}\n`;
  const datapath = 2;
  const ports = flowPorts(network, node);
  const into = ports.map((name, i) =>
    name.startsWith('ovn-') && name.endsWith('-0')
      ? flow(
          0,
          name,
          `priority=100,in_port=${i + 1} actions=move:NXM_NX_TUN_ID[0..23]->OXM_OF_METADATA[0..23],move:NXM_NX_TUN_METADATA0[16..30]->NXM_NX_REG14[0..14],move:NXM_NX_TUN_METADATA0[0..15]->NXM_NX_REG15[0..15],resubmit(,40)`,
        )
      : flow(
          0,
          name,
          `priority=100,in_port=${i + 1} actions=load:0x${(i + 1).toString(16)}->NXM_NX_REG13[],load:0x${datapath.toString(16)}->OXM_OF_METADATA[],load:0x${(i + 1).toString(16)}->NXM_NX_REG14[],resubmit(,8)`,
        ),
  );
  const out = ports.flatMap((name, i) =>
    name.endsWith('-0')
      ? []
      : [
          flow(
            65,
            name,
            `priority=100,reg15=0x${(i + 1).toString(16)},metadata=0x${datapath.toString(16)} actions=output:${i + 1}`,
          ),
        ],
  );
  return [...into, ...out].join('');
}

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
      return port(tunnelName(other), options);
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
