// Machines on a small network, for the tests of several rooms.
import { Network } from '../../network/network';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { State } from '../../sim/state';
import { FileSystem, imageFiles, Mounts } from '../fs';
import { binary, Machine } from '../machine';
import { Fabric, NetStack } from '../net';
import type { Program } from '../process';
import { DEVICES, STICKY } from '../rootfs';

/** A fabric with hosts outside a cluster, each on the machine network. */
export function smallNetwork() {
  const clock = new Clock(Date.UTC(2026, 0, 1));
  const random = new Random(7);
  const network = new Network({
    plugin: 'OVNKubernetes',
    clusterNetwork: [{ cidr: '10.8.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    machineNetwork: '192.168.50.0/24',
    now: () => clock.now(),
    random,
  });
  return { clock, random, network, fabric: new Fabric(network, clock) };
}

/** A machine of that network with these programs at /usr/bin. */
export function host(
  world: ReturnType<typeof smallNetwork>,
  name: string,
  address: string,
  programs: Record<string, Program>,
  files: Parameters<typeof imageFiles>[0] = {},
  state = new State(),
): Machine {
  world.network.putOutsideHost({ name, addresses: [address] });
  const onBoard = Object.fromEntries(Object.keys(programs).map((program) => [`/usr/bin/${program}`, binary(program)]));
  const image = imageFiles({
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nstudent:x:1000:1000::/home/student:/bin/bash\n',
    '/root': null,
    '/home/student': { type: 'dir', mode: 0o700, uid: 1000, gid: 1000 },
    '/tmp': STICKY,
    ...DEVICES,
    ...onBoard,
    ...files,
  });
  return new Machine({
    id: name,
    hostname: name,
    clock: world.clock,
    random: world.random.fork(name),
    mounts: new Mounts(new FileSystem(image, state.table(`fs/${name}`), () => world.clock.now())),
    net: new NetStack(world.fabric, `outside/${name}`, () => [address]),
    programs: new Map(Object.entries(programs)),
    initDies: true,
    onBug: (error) => {
      throw error;
    },
  });
}
