// ip: iproute2's, and BusyBox' own with fewer words. Devices and routes are shown, not changed: the network is the cluster's.
import type { Process, Program } from '../machine/process';
import { parseAddress } from '../network/address';
import type { Route } from '../network/cni/contract';
import type { Device } from '../network/views/devices';
import { findRoute, type IpFormat, ipDevices, ipJson, routeJson, routesOfFamily, routeText } from '../network/views/ip';
import type { Neighbour } from '../network/views/neighbours';
import { ownDevices, ownLinks, ownNeighbours, ownRoutes, trafficOf } from './network/own-network';

const USAGE = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | addrlabel | fou | help | ila | ioam | l2tp | link |
                   macsec | maddress | monitor | mptcp | mroute | mrule |
                   neighbor | neighbour | netconf | netns | nexthop | ntable |
                   ntbl | route | rule | sr | stats | tap | tcpmetrics |
                   token | tunnel | tuntap | vrf | xfrm }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[esolve] |
                    -h[uman-readable] | -iec | -j[son] | -p[retty] |
                    -f[amily] { inet | inet6 | mpls | bridge | link } |
                    -4 | -6 | -M | -B | -0 |
                    -l[oops] { maximum-addr-flush-attempts } | -br[ief] |
                    -o[neline] | -t[imestamp] | -ts[hort] | -b[atch] [filename] |
                    -rc[vbuf] [size] | -n[etns] name | -N[umeric] | -a[ll] |
                    -c[olor]}
`;
const OBJECTS = ['address', 'link', 'route', 'neighbour', 'neighbor', 'rule', 'netns', 'maddress', 'monitor', 'help'];
const SHOW = ['show', 'list', 'lst', 'get'];
const DENIED = 'RTNETLINK answers: Operation not permitted\n';

interface Call {
  format: IpFormat;
  json: boolean;
  pretty: boolean;
  stats: boolean;
  rest: string[];
}

export const ip: Program = (proc) => run(proc, false);

/** BusyBox' applet. */
export const busyboxIp: Program = (proc) => run(proc, true);

async function run(proc: Process, busybox: boolean): Promise<number> {
  const call = parse(proc.argv.slice(1), busybox);
  if (typeof call === 'string') return quit(proc, call, 255);
  const [word, ...rest] = call.rest;
  if (word === '-V') return say(proc, 'ip utility, iproute2-6.2.0\n');
  if (word === undefined) return quit(proc, USAGE, 255);
  const object = OBJECTS.find((name) => name.startsWith(word)) ?? (word === 'r' ? 'route' : undefined);
  call.rest = rest;
  switch (object) {
    case 'address':
      return showDevices(proc, call, 'address');
    case 'link':
      return showDevices(proc, call, 'link');
    case 'route':
      return route(proc, call);
    case 'neighbour':
    case 'neighbor':
      return neighbours(proc, call);
    case 'rule':
      return rules(proc, call);
    case 'netns':
      return 0; // a container engine's namespaces have no names here
    case 'monitor':
      return monitor(proc, call);
    case 'help':
      return quit(proc, USAGE, 255);
    case undefined:
      return quit(proc, `Object "${word}" is unknown, try "ip help".\n`, 1);
    default:
      return quit(proc, `not supported: ip ${object}\n`, 1);
  }
}

const OPTIONS: [RegExp, (call: Call) => void][] = [
  [/^-?-4$/, ({ format }) => (format.family = 4)],
  [/^-?-6$/, ({ format }) => (format.family = 6)],
  [/^-?-br(i(e(f)?)?)?$/, ({ format }) => (format.brief = true)],
  [/^-?-o(n(e(l(i(n(e)?)?)?)?)?)?$/, ({ format }) => (format.oneLine = true)],
  [/^-?-j(s(o(n)?)?)?$/, (call) => (call.json = true)],
  [/^-?-p(r(e(t(t(y)?)?)?)?)?$/, (call) => (call.pretty = true)],
  [/^-?-s(t(a(t(i(s(t(i(c(s)?)?)?)?)?)?)?)?)?$/, (call) => (call.stats = true)],
  [/^-?-(d(etails)?|r(esolve)?|h(uman(-readable)?)?|iec|N(umeric)?|c(olor)?(=\w+)?|a(ll)?|t(imestamp)?)$/, () => {}],
];

function parse(words: string[], busybox: boolean): Call | string {
  const call: Call = { format: { busybox }, json: false, pretty: false, stats: false, rest: [] };
  while (words[0]?.startsWith('-')) {
    const word = words.shift() as string;
    if (/^-?-V/.test(word)) return { ...call, rest: ['-V'] };
    if (/^-?-f(amily)?$/.test(word)) call.format.family = words.shift() === 'inet6' ? 6 : 4;
    else {
      const option = OPTIONS.find(([pattern]) => pattern.test(word));
      if (!option) return `Option "${word}" is unknown, try "ip -help".\n`;
      option[1](call);
    }
  }
  return { ...call, rest: words };
}

async function say(proc: Process, text: string): Promise<number> {
  await proc.print(text);
  return 0;
}

async function quit(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

const CHANGES = ['add', 'append', 'change', 'delete', 'flush', 'get', 'help', 'replace', 'restore', 'save', 'set'];

/** A change of the machine's network: refused to who may not, and not simulated for who may. */
async function change(proc: Process, object: string, [verb = '', ...words]: string[]): Promise<number> {
  if (!CHANGES.some((name) => name.startsWith(verb)))
    return quit(proc, `Command "${verb}" is unknown, try "ip ${object} help".\n`, 255);
  return proc.uid === 0 && !proc.machine.net.host.startsWith('pod/')
    ? quit(proc, `not supported: ip ${[object, verb, ...words].join(' ')}\n`, 2)
    : quit(proc, DENIED, 2);
}

async function asJson(proc: Process, { pretty }: Call, list: object[]): Promise<number> {
  return say(proc, `${JSON.stringify(list, null, pretty ? 4 : undefined)}\n`);
}

const isShow = (word: string | undefined): boolean =>
  word === undefined || SHOW.some((name) => name.startsWith(word)) || word === 'ls';

async function showDevices(proc: Process, call: Call, what: 'address' | 'link'): Promise<number> {
  const [verb, ...words] = call.rest;
  const devices = ownDevices(proc);
  const isName = verb !== undefined && devices.some(({ name }) => name === verb);
  if (!isShow(verb) && verb !== 'dev' && !isName) return change(proc, what, call.rest);
  const wanted = selection(isShow(verb) ? words : call.rest);
  if (wanted.device !== undefined && !devices.some(({ name }) => name === wanted.device))
    return quit(proc, `Device "${wanted.device}" does not exist.\n`, 1);
  const shown = devices.filter((device) => matches(device, wanted));
  const traffic = call.stats ? { traffic: (name: string) => trafficOf(proc, name) } : {};
  const format = { ...call.format, what, ...traffic };
  if (call.json) return asJson(proc, call, ipJson(shown, format));
  return say(proc, ipDevices(shown, format));
}

interface Wanted {
  device?: string;
  up?: boolean;
  master?: string;
  type?: string;
  scope?: string;
}

function selection(words: string[]): Wanted {
  const wanted: Wanted = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === 'up') wanted.up = true;
    else if (word === 'master') wanted.master = words[++i] ?? '';
    else if (word === 'type') wanted.type = words[++i] ?? '';
    else if (word === 'scope') wanted.scope = words[++i] ?? '';
    else wanted.device = word === 'dev' ? (words[++i] ?? '') : word;
  }
  return wanted;
}

function matches(device: Device, { device: name, up, master, type, scope }: Wanted): boolean {
  const kind = device.peer
    ? 'veth'
    : /^(cni0|weave)$/.test(device.name)
      ? 'bridge'
      : /vxlan|flannel/.test(device.name)
        ? 'vxlan'
        : /genev/.test(device.name)
          ? 'geneve'
          : '';
  return (
    (name === undefined || device.name === name) &&
    (!up || device.flags.includes('UP')) &&
    (master === undefined || device.master === master) &&
    (type === undefined || kind === type) &&
    (scope === undefined || device.addresses.some((one) => one.scope === scope))
  );
}

async function route(proc: Process, call: Call): Promise<number> {
  const [verb, ...words] = call.rest;
  if (verb === 'get' || (verb !== undefined && verb.length > 0 && 'get'.startsWith(verb)))
    return routeGet(proc, call, words);
  if (!isShow(verb)) return change(proc, 'route', call.rest);
  const all = routesOfFamily(ownRoutes(proc), call.format.family ?? 4);
  const [first, second] = words;
  if (first === 'table' && second === 'local') return say(proc, localTable(ownDevices(proc)));
  const shown =
    first === 'dev'
      ? all.filter(({ device }) => device === second).map(({ device: _, ...rest }) => ({ ...rest, device: '' }))
      : first === undefined || first === 'table'
        ? all
        : all.filter(({ to }) => to === (first === 'to' || first === 'exact' ? second : first));
  if (call.json) return asJson(proc, call, shown.map(routeJson));
  return say(proc, shown.map((each) => (call.format.busybox ? routeText(trimmed(each)) : routeText(each))).join(''));
}

/** BusyBox says nothing of who made a route. */
const trimmed = (route: Route): Route => ({
  ...route,
  rest: (route.rest ?? '').replace(/proto \w+ ?/, '').replace(/^src (\S+)$/, ' src $1'),
});

const localTable = (devices: readonly Device[]): string =>
  devices
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(({ family }) => family === 4)
        .flatMap(({ address, broadcast }) => [
          `local ${address} dev ${name} proto kernel scope host src ${address} \n`,
          ...(broadcast ? [`broadcast ${broadcast} dev ${name} proto kernel scope link src ${address} \n`] : []),
        ]),
    )
    .join('');

async function routeGet(proc: Process, call: Call, words: string[]): Promise<number> {
  const text = words.filter((word) => word !== 'to')[0];
  if (!text) return quit(proc, 'need at least a destination address\n', 1);
  const address = parseAddress(text.replace(/\/(32|128)$/, ''));
  if (!address) return quit(proc, `Error: any valid prefix is expected rather than "${text}".\n`, 1);
  const found = lookUp(proc, address.text);
  if (!found) return quit(proc, 'RTNETLINK answers: Network is unreachable\n', 2);
  const { route, source, local } = found;
  if (call.json)
    return asJson(proc, call, [
      {
        ...(local ? { type: 'local' } : {}),
        dst: address.text,
        ...(route.via ? { gateway: route.via } : {}),
        dev: route.device,
        prefsrc: source,
        flags: [],
        uid: proc.uid,
        cache: local ? ['local'] : [],
      },
    ]);
  const way = `${address.text}${route.via ? ` via ${route.via}` : ''} dev ${route.device}`;
  if (call.format.busybox) return say(proc, `${way}  src ${source} \n`);
  const [kind, cache] = local ? ['local ', '<local> '] : ['', ''];
  return say(proc, `${kind}${way} src ${source} uid ${proc.uid} \n    cache ${cache}\n`);
}

function lookUp(proc: Process, address: string): { route: Route; source: string; local: boolean } | undefined {
  const links = ownLinks(proc);
  const holds = (text: string) => text.split('/')[0] === address;
  const own = links.find(({ addresses }) => addresses.some(holds));
  if (own || address.startsWith('127.')) return { route: { to: address, device: 'lo' }, source: address, local: true };
  const route = findRoute(ownRoutes(proc), address);
  if (!route?.device) return undefined;
  const family = address.includes(':');
  const named = /\bsrc (\S+)/.exec(route.rest ?? '')?.[1];
  const onDevice = links.find(({ name }) => name === route.device)?.addresses ?? [];
  const any = links.filter(({ name }) => name !== 'lo').flatMap(({ addresses }) => addresses);
  const source =
    named ??
    [...onDevice, ...any].map((each) => each.split('/')[0] ?? '').find((each) => each.includes(':') === family);
  return source ? { route, source, local: false } : undefined;
}

async function neighbours(proc: Process, call: Call): Promise<number> {
  const [verb, ...words] = call.rest;
  if (!isShow(verb) && verb !== 'dev') return change(proc, 'neigh', call.rest);
  const wanted = selection(isShow(verb) ? words : call.rest);
  const family = call.format.family;
  const list = ownNeighbours(proc).filter(
    ({ device, address }) =>
      (wanted.device === undefined || device === wanted.device) &&
      (!family || address.includes(':') === (family === 6)),
  );
  if (call.json)
    return asJson(
      proc,
      call,
      list.map(({ address, device, mac, state }) => ({
        dst: address,
        dev: device,
        ...(mac ? { lladdr: mac } : {}),
        state: [state],
      })),
    );
  return say(proc, list.map((each) => neighbourText(each, wanted.device !== undefined)).join(''));
}

const neighbourText = ({ address, device, mac, state }: Neighbour, bare: boolean): string =>
  `${address}${bare ? '' : ` dev ${device}`} ${mac ? `lladdr ${mac} ` : ''}${state} \n`;

const LOOK_MS = 1000; // between two looks at what there is

/** Prints what comes and goes, until it is stopped. DIFFERS: seen once a second, in place of at once. */
async function monitor(proc: Process, { rest }: Call): Promise<number> {
  const [object = 'all'] = rest;
  const kinds = Object.keys(WATCHED).filter((kind) => object === 'all' || kind.startsWith(object));
  if (kinds.length === 0) return quit(proc, `Argument "${object}" is unknown, try "ip monitor help".\n`, 255);
  const label = (kind: string) => (rest[0] === 'all' ? `[${kind.slice(0, 5).toUpperCase()}]` : '');
  let before = new Map(kinds.map((kind) => [kind, WATCHED[kind]?.(proc) ?? []]));
  for (;;) {
    await proc.sleep(LOOK_MS);
    const now = new Map(kinds.map((kind) => [kind, WATCHED[kind]?.(proc) ?? []]));
    for (const kind of kinds) {
      const [old, fresh] = [before.get(kind) ?? [], now.get(kind) ?? []];
      for (const text of old.filter((each) => !fresh.includes(each))) await proc.print(`${label(kind)}Deleted ${text}`);
      for (const text of fresh.filter((each) => !old.includes(each))) await proc.print(label(kind) + text);
    }
    before = now;
  }
}

/** What `ip monitor` looks at, each thing as it is printed. */
const WATCHED: Record<string, (proc: Process) => string[]> = {
  link: (proc) => ownDevices(proc).map((device) => ipDevices([device], { what: 'link' })),
  address: (proc) =>
    ownDevices(proc)
      .filter(({ addresses }) => addresses.length > 0)
      .map((device) => ipDevices([device], {})),
  route: (proc) => routesOfFamily(ownRoutes(proc), 4).map((each) => routeText(each)),
  neighbour: (proc) => ownNeighbours(proc).map((each) => neighbourText(each, false)),
};

/** The three rules of every kernel. */
async function rules(proc: Process, call: Call): Promise<number> {
  const [verb] = call.rest;
  if (!isShow(verb)) return change(proc, 'rule', call.rest);
  const list: [number, string][] = [
    [0, 'local'],
    [32766, 'main'],
    ...(call.format.family === 6 ? [] : [[32767, 'default'] as [number, string]]),
  ];
  if (call.json)
    return asJson(
      proc,
      call,
      list.map(([priority, table]) => ({ priority, src: 'all', table })),
    );
  return say(
    proc,
    list
      .map(([priority, table]) => `${priority}:\tfrom all lookup ${table}${call.format.busybox ? ' ' : ''}\n`)
      .join(''),
  );
}
