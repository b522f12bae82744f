// A container of an image without a cluster, for tests: commands run in it one after the other.
import { FileSystem, Mounts } from '../../machine/fs';
import { Machine } from '../../machine/machine';
import { NetStack } from '../../machine/net';
import { smallNetwork } from '../../machine/testing/host';
import { programs } from '../../programs';
import { run } from '../../programs/testing/mysql';
import { State } from '../../sim/state';
import { pull } from '../index';

/** A container, and its shell. */
export function container(reference: string) {
  const found = pull(reference);
  if ('error' in found) throw new Error(found.error);
  const world = smallNetwork();
  world.network.putOutsideHost({ name: 'app', addresses: ['192.168.50.20'] });
  const root = new FileSystem(found.image.files, new State().table('fs'), () => world.clock.now());
  const machine = new Machine({
    id: 'app',
    hostname: 'app',
    clock: world.clock,
    random: world.random,
    mounts: new Mounts(root),
    net: new NetStack(world.fabric, 'outside/app', () => ['192.168.50.20']),
    programs,
    lowPorts: true,
  });
  machine.start(['init'], { program: () => new Promise<number>(() => {}) }); // what ends with it ends all
  return async (command: string, input = '') => {
    const { out, err, code } = await run(world, machine, ['/bin/sh', '-c', command], input, found.image.env);
    return { text: out + err, code };
  };
}
