// The machines that nodes themselves are, beside the containers on them: their files, and an sshd that waits to be called.
import { Mounts } from '../../machine/fs';
import { Machine } from '../../machine/machine';
import type { NetStack } from '../../machine/net';
import { Pids } from '../../machine/pids';
import type { Process } from '../../machine/process';
import type { KubeletContext } from './context';
import type { Volumes } from './volumes';

const SSH_PORT = 22;

export class NodeMachines {
  private readonly running = new Map<string, { machine: Machine; server: Process }>();
  private readonly pids = new Map<string, Pids>();

  constructor(
    private readonly context: KubeletContext & { volumeStore: Volumes },
    private readonly stackOf: (node: string) => NetStack,
  ) {}

  /** Says that a node answers to ssh; the server starts when somebody calls. */
  declare(node: string): void {
    if (!this.context.programs.has('sshd')) return;
    this.context.fabric.network.setListener(`node/${node}`, 'TCP', SSH_PORT, '0.0.0.0', true);
  }

  /** Starts the server; resolves when it listens. */
  async start(node: string): Promise<void> {
    if (this.running.has(node) || !this.context.programs.has('sshd')) return;
    const machine = this.make(node);
    const server = machine.start(['/usr/sbin/sshd', '-D'], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
    this.running.set(node, { machine, server });
    while (server.state === 'running' && !machine.net.listenerAt('0.0.0.0', SSH_PORT, 'TCP'))
      await this.context.clock.yield();
  }

  /** The node has no power, or is gone. */
  stop(node: string): void {
    this.running.get(node)?.machine.powerOff();
    this.running.delete(node);
    this.pids.delete(node);
    this.context.fabric.network.setListener(`node/${node}`, 'TCP', SSH_PORT, '0.0.0.0', false);
  }

  stopAll(): void {
    for (const { machine } of this.running.values()) machine.powerOff();
    this.running.clear();
  }

  flush(): void {
    for (const { machine } of this.running.values()) machine.mounts.flush();
  }

  /**
   * What processes of the node see of one another. DIFFERS: its own, and those of pods that share them (`hostPID`); a real node
   * also sees into every other container.
   */
  pidsOf(node: string): Pids {
    const pids = this.pids.get(node) ?? new Pids();
    this.pids.set(node, pids);
    return pids;
  }

  private make(node: string): Machine {
    const { clock, random, programs, onBug, sync, volumeStore } = this.context;
    return new Machine({
      id: `node/${node}`,
      hostname: node,
      clock,
      random: random.fork(`node/${node}`),
      mounts: new Mounts(volumeStore.nodeRoot(node)),
      net: this.stackOf(node),
      pids: this.pidsOf(node),
      programs,
      onBug,
      sync,
    });
  }
}
