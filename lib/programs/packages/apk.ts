// apk: add, del, update. Texts: apk-tools 2.14.
import type { Process, Program } from '../../machine/process';
import { ARCHIVES, installed, note, UNSUPPORTED, unpack } from './archive';

const WORLD = '/etc/apk/world';
const FETCH_MS = 1000;
const BASE_PACKAGES = 14; // of an Alpine image

export const apk: Program = async (proc) => {
  const words = proc.argv.slice(1);
  if (words.includes('--version') || words.includes('-V'))
    return proc.print('apk-tools 2.14.4, compiled for x86_64.\n').then(() => 0);
  const [command = '', ...names] = words.filter(
    (word, i) => !word.startsWith('-') && !/^(-t|--virtual|-X|--repository)$/.test(words[i - 1] ?? ''),
  );
  if (command === '') {
    await proc.print('apk-tools 2.14.4, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n');
    return 1;
  }
  if (!/^(add|del|update|upgrade|info|cache)$/.test(command)) {
    await proc.complain(`apk: not supported: ${command}\n`);
    return 1;
  }
  if (command === 'info')
    return proc
      .print(
        installed(proc, WORLD)
          .map((name) => `${name}\n`)
          .join(''),
      )
      .then(() => 0);
  if (proc.uid !== 0) {
    await proc.complain(
      'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n',
    );
    return 99;
  }
  const quiet = words.some((word) => /^(-q|--quiet)$/.test(word));
  const say = (text: string) => (quiet ? Promise.resolve() : proc.print(text));
  if (command === 'del') return del(proc, names, say);
  await proc.sleep(FETCH_MS);
  const branch =
    /^(\d+\.\d+)/.exec(
      proc.files.exists('/etc/alpine-release') ? proc.files.readText('/etc/alpine-release') : '',
    )?.[1] ?? '3.20';
  for (const part of ['main', 'community'])
    await say(`fetch https://dl-cdn.alpinelinux.org/alpine/v${branch}/${part}/x86_64/APKINDEX.tar.gz\n`);
  if (command === 'update')
    return say(
      `v${branch}.0 [https://dl-cdn.alpinelinux.org/alpine/v${branch}/main]\nOK: 24163 distinct packages available\n`,
    ).then(() => 0);
  return command === 'add' ? add(proc, names, say) : total(proc, say);
};

async function add(proc: Process, given: string[], say: (text: string) => Promise<void>): Promise<number> {
  const names = given.map((name) => name.replace(/[=<>~@].*$/, ''));
  const absent = names.filter((name) => !ARCHIVES.alpine.has(name) && !UNSUPPORTED.test(name));
  if (absent.length > 0) {
    await proc.complain(
      `ERROR: unable to select packages:\n${absent.map((name) => `  ${name} (no such package):\n    required by: world[${name}]\n`).join('')}`,
    );
    return absent.length;
  }
  const hollow = names.find((name) => UNSUPPORTED.test(name));
  if (hollow) {
    await proc.complain(`ERROR: not supported: the package ${hollow} (its commands are not there)\n`);
    return 1;
  }
  const fresh = [...new Set(names.filter((name) => !installed(proc, WORLD).includes(name)))];
  for (const [i, name] of fresh.entries()) {
    const one = ARCHIVES.alpine.get(name);
    if (one) unpack(proc, one);
    await say(`(${i + 1}/${fresh.length}) Installing ${name} (${one?.version}-r0)\n`);
  }
  if (fresh.length > 0) await say('Executing busybox-1.36.1-r29.trigger\n');
  note(proc, WORLD, fresh);
  return total(proc, say);
}

async function del(proc: Process, names: string[], say: (text: string) => Promise<void>): Promise<number> {
  const there = installed(proc, WORLD);
  const gone = names.filter((name) => there.includes(name));
  for (const [i, name] of gone.entries()) {
    for (const command of ARCHIVES.alpine.get(name)?.commands ?? [])
      if (proc.files.exists(`/usr/bin/${command}`)) proc.files.unlink(`/usr/bin/${command}`);
    await say(`(${i + 1}/${gone.length}) Purging ${name} (${ARCHIVES.alpine.get(name)?.version}-r0)\n`);
  }
  proc.files.write(WORLD, `${there.filter((name) => !gone.includes(name)).join('\n')}\n`);
  return total(proc, say);
}

async function total(proc: Process, say: (text: string) => Promise<void>): Promise<number> {
  const packages = BASE_PACKAGES + installed(proc, WORLD).length;
  await say(`OK: ${8 + installed(proc, WORLD).length} MiB in ${packages} packages\n`);
  return 0;
}
