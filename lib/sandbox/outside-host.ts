// A host outside the cluster that a lab declares: a DNS server with records of its own, or an image's program.
import type { registryWith } from '../images';
import { type ImageFiles, imageFiles } from '../machine/fs';
import { binary, type Machine, type Programs } from '../machine/machine';
import { DEVICES } from '../machine/rootfs';
import { classroomDns } from './classroom-dns';
import type { HostSpec } from './spec';

/** What a host has on board, and what it runs. */
export interface HostPlan {
  programs: Programs;
  files: ImageFiles;
  start(machine: Machine): void;
}

/** @throws when its image is not there */
export function planHost(
  host: HostSpec,
  programs: Programs,
  pull: ReturnType<typeof registryWith>,
  resolver: string,
): HostPlan {
  const etc = { '/etc/resolv.conf': `nameserver ${resolver}\n`, '/etc/hosts': '127.0.0.1   localhost\n' };
  if ('dns' in host) {
    const zone = new Map(Object.entries(host.dns));
    return {
      programs: new Map([['dns-server', classroomDns(() => zone)]]),
      files: imageFiles({ '/usr/sbin/named': binary('dns-server'), ...DEVICES, ...etc }),
      start: (machine) => void machine.start(['/usr/sbin/named']),
    };
  }
  const pulled = pull(host.image);
  if ('error' in pulled) throw new Error(`host ${host.name}: ${pulled.error}`);
  const { image } = pulled;
  const argv = host.command ?? [...image.entrypoint, ...image.cmd];
  return {
    programs,
    files: new Map([...image.files, ...imageFiles(etc)]),
    start: (machine) => void machine.start(argv, { env: { ...image.env, ...host.env }, cwd: image.workdir }),
  };
}
