// systemctl on a node: the kubelet can be ended and started, the other services are there to be looked at.
import type { NodeAgent } from '../../machine/node-agent';
import type { Process, Program } from '../../machine/process';
import { strftime } from '../../shell/strftime';
import { getopt } from '../getopt';
import { agentOf } from './agent';
import { journal } from './journal';

interface Unit {
  name: string;
  description: string;
  runs: boolean;
  /** Milliseconds. */
  since: number;
}

const SHORT = 'lqn:at:';
const LONG = {
  'no-pager': 'no-pager',
  full: 'l',
  quiet: 'q',
  'lines=': 'n',
  all: 'a',
  'type=': 't',
  'state=': 'state',
  now: 'now',
  'no-legend': 'no-legend',
  plain: 'plain',
};

const MISSING = 4;
const NOT_FOUND = 5;
const INACTIVE = 3;

export const systemctl: Program = async (proc) => {
  const options = getopt(proc.argv, SHORT, LONG);
  if (options.error !== undefined) return complain(proc, options.error);
  const agent = agentOf(proc);
  if (!agent)
    return complain(
      proc,
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down",
    );
  const units = unitsOf(agent);
  const [verb = 'list-units', ...names] = options.rest;
  if (verb === 'list-units') return list(proc, units, options.has('no-legend'));
  if (verb === 'daemon-reload') return 0;
  const say = VERBS[verb];
  if (!say) return complain(proc, OTHERS.has(verb) ? `not supported: ${verb}` : `Unknown command verb ${verb}.`);
  if (names.length === 0) return complain(proc, 'Too few arguments.');
  let status = 0;
  for (const name of names) {
    const full = name.includes('.') ? name : `${name}.service`;
    const found = units.find((unit) => unit.name === full);
    const lines = Number(options.get('n') ?? 10);
    status =
      (await say({ proc, agent, full, found, verb, lines, isQuiet: options.has('q'), now: options.has('now') })) ||
      status;
  }
  return status;
};

interface Call {
  proc: Process;
  agent: NodeAgent;
  full: string;
  found: Unit | undefined;
  verb: string;
  lines: number;
  isQuiet: boolean;
  /** `--now`: started as well. */
  now: boolean;
}

const VERBS: Record<string, (call: Call) => Promise<number>> = {
  status,
  'is-active': isActive,
  'is-enabled': isEnabled,
  enable,
  start: turn,
  stop: turn,
  restart: turn,
};
const OTHERS = new Set(
  'reload disable mask unmask kill cat show edit list-unit-files list-dependencies list-timers list-sockets is-failed reset-failed reboot poweroff halt isolate set-property try-restart reload-or-restart get-default set-default'.split(
    ' ',
  ),
);

async function complain(proc: Process, text: string, status = 1): Promise<number> {
  await proc.complain(`${text}\n`);
  return status;
}

function unitsOf({ kubelet, runtime, isOpenShift, installed: since }: NodeAgent): Unit[] {
  const others: readonly (readonly [name: string, description: string])[] = isOpenShift
    ? [
        ['NetworkManager', 'Network Manager'],
        ['crio', 'Container Runtime Interface for OCI (CRI-O)'],
        ['sshd', 'OpenSSH server daemon'],
      ]
    : [
        [runtime.name, 'containerd container runtime'],
        ['ssh', 'OpenBSD Secure Shell server'],
      ];
  return [
    ...others.map(([name, description]) => ({ name: `${name}.service`, description, runs: true, since })),
    {
      name: 'kubelet.service',
      description: isOpenShift ? 'Kubernetes Kubelet' : 'kubelet: The Kubernetes Node Agent',
      ...kubelet(),
    },
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function list(proc: Process, units: readonly Unit[], isBare: boolean): Promise<number> {
  const running = units.filter(({ runs }) => runs);
  const width = Math.max(...running.map(({ name }) => name.length));
  const rows = running.map(({ name, description }) => `  ${name.padEnd(width)} loaded active running ${description}\n`);
  const head = `  ${'UNIT'.padEnd(width)} LOAD   ACTIVE SUB     DESCRIPTION\n`;
  const legend = `\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n${running.length} loaded units listed. Pass --all to see loaded but inactive units, too.\nTo show all installed unit files use 'systemctl list-unit-files'.\n`;
  await proc.print(isBare ? rows.join('') : head + rows.join('') + legend);
  return 0;
}

async function status({ proc, agent, full, found, lines }: Call): Promise<number> {
  if (!found) return complain(proc, `Unit ${full} could not be found.`, MISSING);
  const { name, description, runs, since } = found;
  const now = proc.machine.clock.now();
  const when = `since ${strftime('%a %Y-%m-%d %H:%M:%S UTC', since)}; ${ago(now - since)} ago`;
  const preset = agent.isOpenShift ? 'disabled' : 'enabled';
  await proc.print(
    `${runs ? '●' : '○'} ${name} - ${description}\n     Loaded: loaded (${pathOf(agent, name)}; enabled; preset: ${preset})\n     Active: ${runs ? 'active (running)' : 'inactive (dead)'} ${when}\n`,
  );
  const told = name === 'kubelet.service' && lines > 0 ? journal(proc, agent).slice(-lines) : [];
  if (told.length > 0) await proc.print(`\n${told.map(({ text }) => `${text}\n`).join('')}`);
  return runs ? 0 : INACTIVE;
}

const pathOf = ({ isOpenShift }: NodeAgent, name: string): string =>
  `${isOpenShift ? (name === 'kubelet.service' ? '/etc' : '/usr/lib') : '/usr/lib'}/systemd/system/${name}`;

/** format_timespan of systemd, its two greatest parts. */
function ago(ms: number): string {
  const parts: readonly [number, string, boolean][] = [
    [31_557_600, ' year', true],
    [2_629_800, ' month', true],
    [604_800, ' week', true],
    [86_400, ' day', true],
    [3600, 'h', false],
    [60, 'min', false],
    [1, 's', false],
  ];
  let left = Math.floor(ms / 1000);
  const said: string[] = [];
  for (const [seconds, unit, isWord] of parts) {
    const count = Math.floor(left / seconds);
    if (count > 0) said.push(`${count}${unit}${isWord && count > 1 ? 's' : ''}`);
    left -= count * seconds;
  }
  return said.slice(0, 2).join(' ') || '0s';
}

async function isActive({ proc, found, isQuiet }: Call): Promise<number> {
  if (!isQuiet) await proc.print(`${found?.runs ? 'active' : 'inactive'}\n`);
  if (!found) return MISSING;
  return found.runs ? 0 : INACTIVE;
}

async function isEnabled({ proc, full, found, isQuiet }: Call): Promise<number> {
  if (!found) return complain(proc, `Failed to get unit file state for ${full}: No such file or directory`);
  if (!isQuiet) await proc.print('enabled\n');
  return 0;
}

/** Every service that is here is enabled, so there is nothing to say. */
async function enable(call: Call): Promise<number> {
  const { proc, full, found } = call;
  if (proc.uid !== 0) return turn(call);
  if (!found) return complain(proc, `Failed to enable unit: Unit file ${full} does not exist.`);
  return call.now ? turn({ ...call, verb: 'start' }) : 0;
}

async function turn({ proc, agent, full, found, verb }: Call): Promise<number> {
  if (proc.uid !== 0)
    return complain(
      proc,
      `Failed to ${verb} ${full}: Interactive authentication required.\nSee system logs and 'systemctl status ${full}' for details.`,
    );
  if (!found)
    return complain(
      proc,
      `Failed to ${verb} ${full}: Unit ${full} not ${verb === 'stop' ? 'loaded' : 'found'}.`,
      NOT_FOUND,
    );
  if (full !== 'kubelet.service') return verb === 'start' ? 0 : complain(proc, `not supported: ${verb} ${full}`);
  if (verb !== 'start' && found.runs) agent.turn(false);
  if (verb !== 'stop') agent.turn(true);
  return 0;
}
