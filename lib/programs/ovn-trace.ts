// ovn-trace: what becomes of one packet in OVN's logical network, told by the path that decides real connections.
// ovn-trace(8). DIFFERS: the tables of a pipeline are named by what they decide; their numbers and flows are not shown.
import type { Process, Program } from '../machine/process';
import type { Host } from '../network/hosts';
import { path } from '../network/path';
import type { Hop, Path, Protocol } from '../network/types';
import { networkOf, ownNode } from './network/own-network';

const USAGE = `ovn-trace: OVN trace utility
usage: ovn-trace [OPTIONS] [DATAPATH] MICROFLOW
       ovn-trace [OPTIONS] --detach DATAPATH
`;
const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP', 'ICMP'];

/** What a microflow says of its packet. */
interface Microflow {
  inport: string;
  source: string | undefined;
  destination: string;
  protocol: Protocol;
  port: number;
}

class FlowError extends Error {}

/** `inport=="shop_client" && ip4.dst==10.8.0.5 && tcp && tcp.dst==80`. */
function parseFlow(text: string): Microflow {
  const terms = text.split(/&&|,/).map((term) => term.trim());
  const values = new Map(
    terms.map((term) => {
      const [name = '', value = ''] = term.split(/\s*==\s*/);
      return [name, value.replace(/^"(.*)"$/, '$1')];
    }),
  );
  const inport = values.get('inport');
  if (!inport) throw new FlowError('microflow does not specify ingress port');
  const destination = values.get('ip4.dst') ?? values.get('ip6.dst');
  if (!destination) throw new FlowError('not supported: a microflow without ip4.dst or ip6.dst');
  const named = (protocol: Protocol) => terms.some((term) => term.startsWith(protocol.toLowerCase()));
  const protocol = PROTOCOLS.find(named) ?? 'ICMP';
  const port = Number(values.get(`${protocol.toLowerCase()}.dst`) ?? 0);
  if (protocol !== 'ICMP' && !(port > 0 && port < 65_536))
    throw new FlowError(`not supported: a ${protocol} microflow without ${protocol.toLowerCase()}.dst`);
  return { inport, source: values.get('ip4.src') ?? values.get('ip6.src'), destination, protocol, port };
}

export const ovnTrace: Program = async (proc) => {
  const words = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  const text = words.at(-1);
  if (!text || words.length > 2) {
    await proc.complain(USAGE);
    return 1;
  }
  try {
    await proc.print(trace(proc, text));
    return 0;
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    await proc.complain(`ovn-trace: ${error.message}\n`);
    return 1;
  }
};

function trace(proc: Process, text: string): string {
  const network = networkOf(proc);
  if (network.plugin.name !== 'OVNKubernetes' || ownNode(proc) === undefined)
    throw new FlowError('unix:/var/run/ovn/ovnsb_db.sock: database connection failed (No such file or directory)');
  const flow = parseFlow(text);
  const from = [...network.hosts.all()].find((host) => portOf(host) === flow.inport);
  if (!from) throw new FlowError(`unknown port "${flow.inport}"`);
  if (flow.source && !from.addresses.includes(flow.source))
    return dropped(from, flow, 'port security: not its address');
  const found = path(network, { from: from.id, to: flow.destination, port: flow.port, protocol: flow.protocol });
  return report(from, found, found.destination && network.hosts.get(found.destination.host), flow);
}

/** The logical switch port of a pod, or of a node's own end. */
const portOf = (host: Host): string | undefined => {
  if (host.kind === 'pod') return host.hostNetwork ? undefined : `${host.namespace}_${host.name}`;
  return host.kind === 'node' ? `k8s-${host.name}` : undefined;
};

const switchOf = (host: Host): string => host.node ?? host.name;

const titled = (title: string): string => `${title}\n${'-'.repeat(title.length)}\n`;

const head = (from: Host, { inport, source, destination, protocol }: Microflow): string => {
  const addresses = `nw_src=${source ?? from.addresses[0]},nw_dst=${destination}`;
  return `# ${protocol.toLowerCase()},${addresses}\n\n${titled(`ingress(dp="${switchOf(from)}", inport="${inport}")`)}`;
};

const dropped = (from: Host, flow: Microflow, why: string): string =>
  `${head(from, flow)} in_check_port_sec: ${why}\n    drop;\n`;

const line = ({ stage, detail, ok }: Hop): string =>
  ` ${stage.replace('-', '_')}: ${detail}\n    ${ok ? 'next;' : 'drop;'}\n`;

/** A logical network knows nothing of who listens in a pod: its last word is that the packet is given to the pod's port. */
function report(from: Host, found: Path, to: Host | undefined, flow: Microflow): string {
  const hops = found.hops.filter(({ stage }) => stage !== 'listener');
  const lines = (some: readonly Hop[]) => some.map(line).join('');
  const near = head(from, flow) + lines(hops.filter(({ stage }) => stage !== 'ingress-policy'));
  const isOutput = found.verdict === 'delivered' || hops.length < found.hops.length;
  if (!to || !isOutput)
    return `${near}${lines(hops.filter(({ stage }) => stage === 'ingress-policy'))}    /* ${found.verdict}: ${found.reason} */\n`;
  const outport = portOf(to) ?? `k8s-${switchOf(to)}`;
  const title = titled(`egress(dp="${switchOf(to)}", outport="${outport}")`);
  const beyond = lines(hops.filter(({ stage }) => stage === 'ingress-policy'));
  return `${near}\n${title}${beyond}    output;\n    /* output to "${outport}", type "" */\n`;
}
