// dnf, yum and microdnf: install, remove, clean. Texts: DNF 4.14.
import type { Process, Program } from '../../machine/process';
import { ARCHIVES, installed, note, UNSUPPORTED, unpack } from './archive';

const LIST = '/var/lib/dnf/history';
const FETCH_MS = 2000;

export const dnf: Program = async (proc) => {
  const words = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  const yes = proc.argv.some((word) => /^(-y|--assumeyes)$/.test(word)) || proc.name === 'microdnf';
  const [command = '', ...names] = words;
  if (command === 'clean' || command === 'makecache' || command === 'update' || command === 'upgrade') {
    await proc.print(command === 'clean' ? '0 files removed\n' : 'Dependencies resolved.\nNothing to do.\nComplete!\n');
    return 0;
  }
  if (!/^(install|remove|erase)$/.test(command)) {
    await proc.complain(`${proc.name}: not supported: ${command || 'no command'}\n`);
    return 1;
  }
  if (proc.uid !== 0) {
    await proc.complain(
      'Error: This command has to be run with superuser privileges (under the root user on most systems).\n',
    );
    return 1;
  }
  return command === 'install' ? install(proc, names, yes) : remove(proc, names);
};

async function install(proc: Process, names: string[], yes: boolean): Promise<number> {
  await proc.sleep(FETCH_MS);
  const absent = names.filter((name) => !ARCHIVES.redhat.has(name) && !UNSUPPORTED.test(name));
  for (const name of absent) await proc.print(`No match for argument: ${name}\n`);
  if (absent.length > 0) {
    await proc.complain(`Error: Unable to find a match: ${absent.join(' ')}\n`);
    return 1;
  }
  const hollow = names.find((name) => UNSUPPORTED.test(name));
  if (hollow) {
    await proc.complain(`Error: not supported: the package ${hollow} (its commands are not there)\n`);
    return 1;
  }
  const fresh = names.filter((name) => !installed(proc, LIST).includes(name));
  if (fresh.length === 0) {
    await proc.print(
      `${names.map((name) => `Package ${full(name)} is already installed.\n`).join('')}Dependencies resolved.\nNothing to do.\nComplete!\n`,
    );
    return 0;
  }
  await proc.print(
    `Dependencies resolved.\nInstalling:\n${fresh.map((name) => ` ${name}  x86_64  ${ARCHIVES.redhat.get(name)?.version}-1.el9  appstream  ${ARCHIVES.redhat.get(name)?.size} k\n`).join('')}\nTransaction Summary\nInstall  ${fresh.length} Package${fresh.length === 1 ? '' : 's'}\n\n`,
  );
  if (!yes && !(await agreed(proc))) return proc.print('Operation aborted.\n').then(() => 1);
  for (const name of fresh) {
    const one = ARCHIVES.redhat.get(name);
    if (one) unpack(proc, one);
  }
  note(proc, LIST, fresh);
  await proc.print(`\nInstalled:\n${fresh.map((name) => `  ${full(name)}\n`).join('')}\nComplete!\n`);
  return 0;
}

const full = (name: string): string => `${name}-${ARCHIVES.redhat.get(name)?.version}-1.el9.x86_64`;

async function agreed(proc: Process): Promise<boolean> {
  await proc.print('Is this ok [y/N]: ');
  for await (const line of proc.lines()) return /^y(es)?$/i.test(line.trim());
  return false;
}

async function remove(proc: Process, names: string[]): Promise<number> {
  const there = installed(proc, LIST);
  const gone = names.filter((name) => there.includes(name));
  for (const name of gone)
    for (const command of ARCHIVES.redhat.get(name)?.commands ?? [])
      if (proc.files.exists(`/usr/bin/${command}`)) proc.files.unlink(`/usr/bin/${command}`);
  proc.files.write(LIST, `${there.filter((name) => !gone.includes(name)).join('\n')}\n`);
  await proc.print(
    gone.length === 0
      ? 'No packages marked for removal.\nDependencies resolved.\nNothing to do.\nComplete!\n'
      : `\nRemoved:\n${gone.map((name) => `  ${full(name)}\n`).join('')}\nComplete!\n`,
  );
  return 0;
}
