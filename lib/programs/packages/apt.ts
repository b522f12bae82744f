// apt-get and apt: update, install, remove, clean. Texts: APT 2.6.
import type { Process, Program } from '../../machine/process';
import { ARCHIVES, installed, note, type Package, UNSUPPORTED, unpack } from './archive';

const LISTS = '/var/lib/apt/lists';
const STATUS = '/var/lib/dpkg/status';
const FETCH_MS = 1500;
const ERROR = 100;

export const apt: Program = async (proc) => {
  const words = proc.argv.slice(1);
  const options = words.filter((word) => word.startsWith('-'));
  const [command = '', ...names] = words.filter((word) => !word.startsWith('-'));
  const quiet = options.some((word) => /^-q+$|^--quiet/.test(word));
  const yes = options.some((word) => /^-y|^--yes|^--assume-yes/.test(word) || /^-[a-z]*y/.test(word));
  if (command === '' || options.includes('--help')) return help(proc);
  if (options.includes('--version')) return proc.print('apt 2.6.1 (amd64)\n').then(() => 0);
  if (proc.name === 'apt' && !proc.stdout.terminal)
    await proc.complain('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n');
  if (
    !/^(update|install|remove|purge|upgrade|dist-upgrade|full-upgrade|clean|autoclean|autoremove|list|search|show)$/.test(
      command,
    )
  ) {
    await proc.complain(`E: Invalid operation ${command}\n`);
    return ERROR;
  }
  if (/^(list|search|show)$/.test(command)) return unsupported(proc, command);
  if (proc.uid !== 0) return locked(proc, command);
  switch (command) {
    case 'update':
      return update(proc, quiet);
    case 'install':
      return install(proc, names, yes);
    case 'remove':
    case 'purge':
      return remove(proc, names);
    case 'clean':
    case 'autoclean':
      return 0;
    default:
      await proc.print(
        'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n',
      );
      return 0;
  }
};

async function unsupported(proc: Process, command: string): Promise<number> {
  await proc.complain(`${proc.name}: not supported: ${command}\n`);
  return ERROR;
}

async function help(proc: Process): Promise<number> {
  await proc.print(
    `apt 2.6.1 (amd64)\nUsage: ${proc.name} [options] command\n\nMost used commands:\n  update - Retrieve new lists of packages\n  install - Install new packages (pkg is libc6 not libc6.deb)\n  remove - Remove packages\n  clean - Erase downloaded archive files\n`,
  );
  return 0;
}

async function locked(proc: Process, command: string): Promise<number> {
  const lock = command === 'update' ? `${LISTS}/lock` : '/var/lib/dpkg/lock-frontend';
  await proc.complain(
    command === 'update'
      ? `E: Could not open lock file ${lock} - open (13: Permission denied)\nE: Unable to lock directory ${LISTS}/\n`
      : `E: Could not open lock file ${lock} - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (${lock}), are you root?\n`,
  );
  return ERROR;
}

function release(proc: Process): { name: string; host: string } {
  const text = proc.files.exists('/etc/os-release') ? proc.files.readText('/etc/os-release') : '';
  const name = /VERSION_CODENAME=(\w+)/.exec(text)?.[1] ?? 'bookworm';
  return { name, host: /^ID=ubuntu/m.test(text) ? 'http://archive.ubuntu.com/ubuntu' : 'http://deb.debian.org/debian' };
}

async function update(proc: Process, quiet: boolean): Promise<number> {
  const { name, host } = release(proc);
  await proc.sleep(FETCH_MS);
  if (!quiet)
    await proc.print(
      `Get:1 ${host} ${name} InRelease [151 kB]\nGet:2 ${host} ${name}-updates InRelease [55.4 kB]\nGet:3 ${host}-security ${name}-security InRelease [48.0 kB]\nGet:4 ${host} ${name}/main amd64 Packages [8789 kB]\nFetched 9043 kB in 2s (6029 kB/s)\n`,
    );
  await proc.print('Reading package lists... Done\n');
  if (!proc.files.exists(LISTS)) proc.files.mkdir(LISTS);
  proc.files.write(`${LISTS}/${host.replace('http://', '').replaceAll('/', '_')}_dists_${name}_InRelease`, '');
  return 0;
}

async function install(proc: Process, names: string[], yes: boolean): Promise<number> {
  await proc.print(
    'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
  );
  const updated = proc.files.exists(LISTS) && proc.files.list(LISTS).length > 0;
  const bare = names.map((name) => name.replace(/[=/].*$/, ''));
  const absent = bare.filter((name) => !updated || (!ARCHIVES.debian.has(name) && !UNSUPPORTED.test(name)));
  for (const name of absent) await proc.complain(`E: Unable to locate package ${name}\n`);
  if (absent.length > 0) return ERROR;
  const hollow = bare.find((name) => UNSUPPORTED.test(name));
  if (hollow) {
    await proc.complain(`E: not supported: the package ${hollow} (its commands are not there)\n`);
    return ERROR;
  }
  const there = installed(proc, STATUS);
  for (const name of bare.filter((one) => there.includes(one)))
    await proc.print(`${name} is already the newest version (${versionOf(name)}).\n`);
  const fresh = [...new Set(bare.filter((name) => !there.includes(name)))].sort();
  const summary = `0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\n`;
  if (fresh.length === 0) return proc.print(summary).then(() => 0);
  const size = fresh.reduce((sum, name) => sum + packageOf(name).size, 0);
  await proc.print(
    `The following NEW packages will be installed:\n  ${fresh.join(' ')}\n${summary}Need to get ${size} kB of archives.\nAfter this operation, ${size * 3} kB of additional disk space will be used.\n`,
  );
  if (!yes && !(await agreed(proc))) return proc.print('Abort.\n').then(() => 1);
  const { name: codename, host } = release(proc);
  for (const [i, name] of fresh.entries())
    await proc.print(
      `Get:${i + 1} ${host} ${codename}/main amd64 ${name} amd64 ${versionOf(name)} [${packageOf(name).size} kB]\n`,
    );
  await proc.sleep(FETCH_MS);
  await proc.print(`Fetched ${size} kB in 1s (${size} kB/s)\n`);
  for (const [i, name] of fresh.entries())
    await proc.print(
      `Selecting previously unselected package ${name}.\n${i === 0 ? '(Reading database ... 6089 files and directories currently installed.)\n' : ''}Preparing to unpack .../${name}_${versionOf(name)}_amd64.deb ...\nUnpacking ${name} (${versionOf(name)}) ...\n`,
    );
  for (const name of fresh) {
    unpack(proc, packageOf(name));
    await proc.print(`Setting up ${name} (${versionOf(name)}) ...\n`);
  }
  note(proc, STATUS, fresh);
  return 0;
}

const packageOf = (name: string): Package => ARCHIVES.debian.get(name) ?? { commands: [], version: '', size: 0 };
const versionOf = (name: string): string => `${packageOf(name).version}-1`;

/** Nobody answers: no. */
async function agreed(proc: Process): Promise<boolean> {
  await proc.print('Do you want to continue? [Y/n] ');
  for await (const line of proc.lines()) return /^(y|yes|)$/i.test(line.trim());
  return false;
}

async function remove(proc: Process, names: string[]): Promise<number> {
  await proc.print(
    'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
  );
  const there = installed(proc, STATUS);
  const gone = names.filter((name) => there.includes(name));
  for (const name of names.filter((one) => !gone.includes(one)))
    await proc.print(`Package '${name}' is not installed, so not removed\n`);
  for (const name of gone) {
    for (const command of packageOf(name).commands)
      if (proc.files.exists(`/usr/bin/${command}`)) proc.files.unlink(`/usr/bin/${command}`);
    await proc.print(`Removing ${name} (${versionOf(name)}) ...\n`);
  }
  proc.files.write(STATUS, `${there.filter((name) => !gone.includes(name)).join('\n')}\n`);
  return 0;
}
