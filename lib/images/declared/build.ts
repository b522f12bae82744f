// From a declaration to an image and its program.
import type { ImageFiles } from '../../machine/fs';
import { binary } from '../../machine/machine';
import type { Program } from '../../machine/process';
import { type Files, image, NETWORK_COMMANDS, onBoard, ubi } from '../base';
import type { Image } from '../image';
import { alpine, busyboxRoot, debian, single } from '../roots';
import { words } from '../tags';
import type { DeclaredImage } from './declaration';
import { declaredService } from './service';

const START = '/usr/local/bin/service';

/** The name under which the program of a declared image is among a world's programs. */
const programName = ({ name, tags }: DeclaredImage): string => `service ${name}:${tags[0]}`;

/** The images of a lab. */
export const declaredImages = (declared: readonly DeclaredImage[]): Image[] => declared.map(build);

/** Their programs, to be added to the world's. */
export const declaredPrograms = (declared: readonly DeclaredImage[]): [string, Program][] =>
  declared.map((one) => [programName(one), declaredService(one)]);

function build(declared: DeclaredImage): Image {
  const { name, tags, env, user, workdir, command } = declared;
  const ports = (list: { port: number }[], protocol: 'TCP' | 'UDP') => list.map(({ port }) => ({ port, protocol }));
  const made = image({ repositories: [name], files: root(declared) });
  return {
    ...made,
    tags: words(tags.join(' ')),
    env: { ...made.env, ...env },
    user,
    workdir,
    entrypoint: [],
    cmd: command ?? [START],
    ports: [...ports([...declared.http, ...declared.tcp], 'TCP'), ...ports(declared.udp, 'UDP')],
    libc: declared.system === 'alpine' ? 'musl' : 'glibc',
  };
}

function root(declared: DeclaredImage): ImageFiles {
  const commands = declared.commands.includes('network-tools')
    ? [...declared.commands, ...NETWORK_COMMANDS]
    : declared.commands;
  const own: Files = { [START]: binary(programName(declared)) };
  for (const [path, { text, mode }] of Object.entries(declared.files))
    own[path] = { data: new TextEncoder().encode(text), mode };
  const user = /^[a-z]/.test(declared.user) && declared.user !== 'root';
  const line = user ? `${declared.user}:x:1001:0::${declared.workdir}:/sbin/nologin\n` : '';
  switch (declared.system) {
    case 'ubi8':
      return ubi(8, commands, own, line);
    case 'ubi9':
      return ubi(9, commands, own, line);
    case 'debian':
      return debian(commands, own, line);
    case 'alpine':
      return alpine(commands, own, line);
    case 'busybox':
      return busyboxRoot({ ...onBoard(commands), ...own }, line);
    case 'scratch':
      return single(START, programName(declared), { ...own, ...onBoard(commands) });
  }
}
