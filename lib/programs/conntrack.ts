// conntrack: what connection tracking remembers, each connection as it was sent and as its reply comes back.
import type { Flow } from '../machine/flow';
import type { Process, Program } from '../machine/process';
import { conntrackEntry } from '../network/views/conntrack';
import { getopt, type Options } from './getopt';

const LONG = {
  dump: 'L',
  list: 'L',
  count: 'C',
  event: 'E',
  stats: 'S',
  delete: 'D',
  'proto=': 'p',
  'src=': 's',
  'dst=': 'd',
  'orig-src=': 's',
  'orig-dst=': 'd',
  'reply-src=': 'r',
  'reply-dst=': 'q',
  'sport=': 'sport',
  'dport=': 'dport',
  'orig-port-src=': 'sport',
  'orig-port-dst=': 'dport',
  'state=': 'state',
  'output=': 'o',
  'family=': 'f',
};
export const conntrack: Program = async (proc) => {
  const options = getopt(proc.argv, 'LCESDp:s:d:r:q:o:f:n', LONG);
  const fail = async (text: string) => {
    await proc.complain(text);
    return 1;
  };
  if (options.error) return fail(`${options.error}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`);
  if (proc.uid !== 0) return fail('conntrack v1.4.7 (conntrack-tools): Operation failed: Operation not permitted\n');
  const flows = flowsOf(proc, options);
  if (options.has('C')) {
    await proc.print(`${flows.length}\n`);
    return 0;
  }
  if (options.has('E') || options.has('S') || options.has('D'))
    return fail(`conntrack: not supported: ${options.has('E') ? '-E' : options.has('S') ? '-S' : '-D'}\n`);
  if (!options.has('L'))
    return fail(
      "conntrack v1.4.7 (conntrack-tools): You need to supply at least one parameter\nTry `conntrack -h' or 'conntrack --help' for more information.\n",
    );
  const now = proc.machine.clock.now();
  await proc.print(flows.map((flow) => line(flow, now)).join(''));
  await proc.complain(`conntrack v1.4.7 (conntrack-tools): ${flows.length} flow entries have been shown.\n`);
  return 0;
};

function flowsOf(proc: Process, options: Options): Flow[] {
  const { fabric, host } = proc.machine.net;
  const same = (key: string, value: string | number) => !options.has(key) || options.get(key) === String(value);
  return fabric.flows
    .of(host)
    .filter(
      ({ near, far, protocol, state }) =>
        !near.source.startsWith('127.') &&
        same('p', protocol.toLowerCase()) &&
        same('s', near.source) &&
        same('d', near.destination) &&
        same('r', far.destination) &&
        same('q', far.source) &&
        same('sport', near.sourcePort) &&
        same('dport', near.destinationPort) &&
        same('state', state),
    );
}

const line = (flow: Flow, now: number): string =>
  conntrackEntry({
    protocol: flow.protocol,
    seconds: flow.secondsLeft(now),
    state: flow.state,
    answered: flow.answered,
    sent: flow.near,
    received: flow.far,
  });
