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
  if (options.has('S')) {
    for (let cpu = 0; cpu < CPUS; cpu++) await proc.print(`${`cpu=${cpu}`.padEnd(8)}\t${COUNTERS}\n`);
    return 0;
  }
  if (options.has('E')) return follow(proc, options);
  if (!options.has('L') && !options.has('D'))
    return fail(
      "conntrack v1.4.7 (conntrack-tools): You need to supply at least one parameter\nTry `conntrack -h' or 'conntrack --help' for more information.\n",
    );
  const now = proc.machine.clock.now();
  await proc.print(flows.map((flow) => line(flow, now)).join(''));
  if (options.has('D')) {
    drop(proc, flows);
    await proc.complain(`conntrack v1.4.7 (conntrack-tools): ${flows.length} flow entries have been deleted.\n`);
    return flows.length > 0 ? 0 : 1;
  }
  await proc.complain(`conntrack v1.4.7 (conntrack-tools): ${flows.length} flow entries have been shown.\n`);
  return 0;
};

const CPUS = 4; // of every machine here
const COUNTERS =
  'found=0 invalid=0 insert=0 insert_failed=0 drop=0 early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 ';
const LOOK_MS = 1000; // how soon an entry that has run out is noticed

/** What was held on an endpoint because it was known may go to another from now on. */
function drop(proc: Process, flows: readonly Flow[]): void {
  const { fabric } = proc.machine.net;
  fabric.flows.forget(flows);
  for (const { near, protocol } of flows)
    if (protocol === 'UDP')
      for (const key of [...fabric.network.udpFlows.keys()])
        if (key.startsWith(`${near.source}:${near.sourcePort} `)) fabric.network.udpFlows.delete(key);
}

/** `-E`: entries as they begin, change and end, until it is stopped. */
async function follow(proc: Process, options: Options): Promise<number> {
  const { fabric, host } = proc.machine.net;
  const lines: string[] = [];
  let count = 0;
  const end = fabric.flows.onTrack((event, flow, state, seconds) => {
    if (!flow.stations.some((station) => station.host === host) || !fits(flow, options, state)) return;
    const text = entryOf(flow, seconds, state);
    const shown = event === 'DESTROY' ? text.replace(/^(\S+ +\d+) \d+( [A-Z_]+)?(?= src)/, '$1') : text;
    lines.push(`${`[${event}]`.padStart(9)} ${shown.replace(/ mark=0 use=1\n$/, '\n')}`);
    count++;
  });
  proc.onExit(end);
  let stopped = false;
  proc.on('SIGINT', () => {
    stopped = true;
  });
  while (!stopped) {
    await proc.sleep(LOOK_MS);
    fabric.flows.of(host);
    for (const text of lines.splice(0)) await proc.print(text);
  }
  await proc.complain(`conntrack v1.4.7 (conntrack-tools): ${count} flow events have been shown.\n`);
  return 0;
}

function flowsOf(proc: Process, options: Options): Flow[] {
  const { fabric, host } = proc.machine.net;
  return fabric.flows.of(host).filter((flow) => fits(flow, options, flow.state));
}

function fits({ near, far, protocol }: Flow, options: Options, state: string): boolean {
  const same = (key: string, value: string | number) => !options.has(key) || options.get(key) === String(value);
  return (
    !near.source.startsWith('127.') &&
    same('p', protocol.toLowerCase()) &&
    same('s', near.source) &&
    same('d', near.destination) &&
    same('r', far.destination) &&
    same('q', far.source) &&
    same('sport', near.sourcePort) &&
    same('dport', near.destinationPort) &&
    same('state', state)
  );
}

const line = (flow: Flow, now: number): string => entryOf(flow, flow.secondsLeft(now), flow.state);

const entryOf = (flow: Flow, seconds: number, state: string): string =>
  conntrackEntry({
    protocol: flow.protocol,
    seconds,
    state,
    answered: flow.answered,
    sent: flow.near,
    received: flow.far,
  });
