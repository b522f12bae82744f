// A look from a host that is already there (a pod, a node, the workstation): a fresh copy of an image's programs on that host's
// network, with that host's own resolver. Whatever was changed in the host's files takes no part.

import type { registryWith } from '../images';
import { FileSystem, Mounts } from '../machine/fs';
import { Machine, type MachineOptions } from '../machine/machine';
import type { NetStack } from '../machine/net';

export interface ToolsOptions extends Pick<MachineOptions, 'id' | 'clock' | 'random' | 'programs' | 'onBug'> {
  net: NetStack;
  /** Files of the host that decide how names are found: /etc/resolv.conf, /etc/hosts. */
  etc: Record<string, string>;
  image: string;
  pull: ReturnType<typeof registryWith>;
}

/** @throws when the image is not there */
export function toolsOn({ net, etc, image, pull, id, clock, random, programs, onBug }: ToolsOptions): Machine {
  const pulled = pull(image);
  if ('error' in pulled) throw new Error(pulled.error);
  const now = () => clock.now();
  const mounts = new Mounts(new FileSystem(pulled.image.files, undefined, now));
  const time = { uid: 0, gid: 0, mtime: now() };
  for (const [path, text] of Object.entries(etc)) {
    const { fs, inner } = mounts.find(path);
    fs.set(inner, { type: 'file', mode: 0o644, ...time, data: new TextEncoder().encode(text) });
  }
  return new Machine({
    id: `tools/${id}`,
    hostname: id,
    clock,
    random: random.fork(`tools/${id}`),
    mounts,
    net,
    programs,
    libc: pulled.image.libc,
    lowPorts: true,
    initDies: true,
    ...(onBug ? { onBug } : {}),
  });
}
