// bridge and tc of iproute2: the ports of a node's bridges, the peers of its tunnels, the queues of its devices; shown, not changed.
import type { Process, Program } from '../machine/process';
import { macOfName } from '../network/cni/interfaces';
import { networkOf, ownDevices, ownLinks, ownNode } from './network/own-network';

const TUNNEL = /^(flannel\.1|vxlan\.calico|cilium_vxlan)$/;

export const bridge: Program = async (proc) => {
  const [object = '', verb = 'show'] = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (object !== '' && 'link'.startsWith(object) && verb === 'show') return say(proc, ports(proc));
  if (object === 'fdb' && verb === 'show') return say(proc, forwarding(proc));
  if (object === 'vlan' && verb === 'show') return say(proc, 'port              vlan-id  \n');
  await proc.complain(
    object === ''
      ? 'Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }\nwhere  OBJECT := { link | fdb | mdb | vlan | vni | monitor }\n'
      : `bridge: not supported: ${proc.argv.slice(1).join(' ')}\n`,
  );
  return object === '' ? 255 : 1;
};

async function say(proc: Process, text: string): Promise<number> {
  await proc.print(text);
  return 0;
}

const ports = (proc: Process): string =>
  ownDevices(proc)
    .filter(({ master }) => master !== undefined && master !== 'ovs-system')
    .map(
      ({ index, name, peer, flags, mtu, master }) =>
        `${index}: ${name}${peer ? `@${peer}` : ''}: <${flags.join(',')}> mtu ${mtu} master ${master} state forwarding priority 32 cost 2 \n`,
    )
    .join('');

/** A permanent entry for the tunnel of each other node: where its frames are sent. */
function forwarding(proc: Process): string {
  const network = networkOf(proc);
  const node = ownNode(proc);
  const tunnel = ownLinks(proc).find(({ name }) => TUNNEL.test(name));
  if (!tunnel || !node) return '';
  return [...network.hosts.nodes()]
    .filter(({ name }) => name !== node)
    .map(({ name, addresses }) => {
      const mac = macOfName(`${name} ${tunnel.name}`);
      return `${mac} dev ${tunnel.name} dst ${addresses[0]} self permanent\n`;
    })
    .join('');
}

export const tc: Program = async (proc) => {
  const [object = '', verb = 'show', ...words] = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (object === 'qdisc' && ['show', 'list', 'ls'].includes(verb)) {
    const wanted = words[0] === 'dev' ? words[1] : undefined;
    const shown = ownDevices(proc).filter(({ name }) => wanted === undefined || name === wanted);
    if (wanted !== undefined && shown.length === 0) {
      await proc.complain(`Cannot find device "${wanted}"\n`);
      return 1;
    }
    return say(proc, shown.map(({ name, qdisc }) => `qdisc ${qdisc} 0: dev ${name} root refcnt 2 \n`).join(''));
  }
  if ((object === 'filter' || object === 'class') && ['show', 'list', 'ls'].includes(verb)) return 0;
  await proc.complain(
    `tc: not supported: ${proc.argv.slice(1).join(' ') || 'batch'}; the network here has no shaping\n`,
  );
  return 1;
};
