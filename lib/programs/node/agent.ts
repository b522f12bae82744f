// The services of the node that a command runs on.
import type { NodeAgent } from '../../machine/node-agent';
import type { Process } from '../../machine/process';
import { ownNode } from '../network/own-network';

export function agentOf(proc: Process): NodeAgent | undefined {
  const node = ownNode(proc);
  return node === undefined ? undefined : proc.machine.net.fabric.nodeAgent?.(node);
}
