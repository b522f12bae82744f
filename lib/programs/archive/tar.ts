// tar. `kubectl cp` runs `tar cf - PATH` and `tar -xmf - -C DIR` in a container.
// DIFFERS: gzip alone of the compressions; no sparse files, devices and incremental archives.
import { gunzipSync, gzipSync } from 'node:zlib';
import { Errno, strerror } from '../../machine/errno';
import type { Stat } from '../../machine/files';
import { dirname } from '../../machine/path';
import { concat, type Process, type Program } from '../../machine/process';
import { compile, patternSource } from '../../shell/pattern';
import { strftime } from '../../shell/strftime';
import { about } from '../about';
import { getopt, type Options } from '../getopt';
import { type Command, parseSed } from '../sed-script';
import { modeText, nameOfGroup, nameOfUser } from '../stat-text';
import { chunks, textOf } from '../tool';
import { archived, type Member, members, NotTar } from './format';

const LONG = {
  append: 'r',
  'auto-compress': 'a',
  bzip2: 'j',
  catenate: 'A',
  concatenate: 'A',
  compare: 'd',
  create: 'c',
  delete: 'delete',
  dereference: 'h',
  diff: 'd',
  'directory=': 'C',
  'exclude=': 'exclude',
  'exclude-from=': 'X',
  extract: 'x',
  'file=': 'f',
  'files-from=': 'T',
  get: 'x',
  'group=': 'group',
  gzip: 'z',
  'keep-old-files': 'k',
  list: 't',
  'mode=': 'mode',
  'mtime=': 'mtime',
  'no-overwrite-dir': 'no-overwrite-dir',
  'no-recursion': 'no-recursion',
  'no-same-owner': 'o',
  'no-same-permissions': 'no-same-permissions',
  'no-wildcards': 'no-wildcards',
  null: 'null',
  'numeric-owner': 'numeric-owner',
  overwrite: 'overwrite',
  'owner=': 'owner',
  'absolute-names': 'P',
  'preserve-permissions': 'p',
  'remove-files': 'remove-files',
  'same-owner': 'same-owner',
  'same-permissions': 'p',
  'skip-old-files': 'skip-old-files',
  'sort=': 'sort',
  'strip-components=': 'strip',
  'to-stdout': 'O',
  touch: 'm',
  'transform=': 'transform',
  update: 'u',
  verbose: 'v',
  'warning=': 'warning',
  wildcards: 'wildcards',
  'xform=': 'transform',
  xz: 'J',
};
const MODES = ['A', 'c', 'd', 'r', 't', 'u', 'x', 'delete'];
const EX_USAGE = 64; // sysexits.h, as argp ends a program
const HINT = "Try 'tar --help' or 'tar --usage' for more information.\n";
const LOST = 'tar: Error is not recoverable: exiting now\n';

export const tar: Program = async (proc) => {
  const options = getopt(oldStyle(proc.argv), 'aAcC:df:hjJkmoOpPrtT:uvxX:z', LONG);
  if (options.about) return about(proc, options);
  if (options.error !== undefined) {
    await proc.complain(`${options.error}\n${HINT}`);
    return EX_USAGE;
  }
  const modes = MODES.filter((letter) => options.has(letter));
  if (modes.length !== 1) {
    const wrong =
      modes.length === 0
        ? "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
        : "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option";
    await proc.complain(`tar: ${wrong}\n${HINT}`);
    return 2;
  }
  for (const [letter, name] of [
    ['j', 'bzip2'],
    ['J', 'xz'],
  ] as const)
    if (options.has(letter)) {
      await proc.complain(`tar: not supported: ${name}\n`);
      return 2;
    }
  return new Run(proc, options, modes[0] as string).run();
};

/** `tar xzf FILE`: letters without a dash take their values, in turn, from the words behind them. */
function oldStyle(argv: readonly string[]): string[] {
  const [name = 'tar', first = '', ...rest] = argv;
  if (first === '' || first.startsWith('-')) return [...argv];
  const words: string[] = [];
  for (const letter of first) {
    words.push(`-${letter}`);
    if (/[CfTX]/.test(letter) && rest.length > 0) words.push(rest.shift() as string);
  }
  return [name, ...words, ...rest];
}

/** An operand and the directory it is looked for in: `-C` holds for those behind it. */
interface Operand {
  name: string;
  base: string | undefined;
}

class Fatal extends Error {}

class Run {
  private failed = false;
  private readonly file: string;
  private readonly excluded: RegExp[];
  private readonly change: (name: string) => string;
  private toldLeading = false;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
    private readonly mode: string,
  ) {
    this.file = options.get('f') ?? '-';
    const lists = options.all('X').flatMap((path) => proc.files.readText(path).split('\n').filter(Boolean));
    this.excluded = [...options.all('exclude'), ...lists].map((pattern) => wildcard(pattern.replace(/\/$/, '')));
    this.change = transforms(options.all('transform'));
  }

  async run(): Promise<number> {
    try {
      await this.carryOut();
    } catch (error) {
      if (!(error instanceof Fatal)) throw error;
      await this.proc.complain(error.message);
      return 2;
    }
    if (this.failed) await this.proc.complain('tar: Exiting with failure status due to previous errors\n');
    return this.failed ? 2 : this.differing ? 1 : 0;
  }

  private async carryOut(): Promise<void> {
    const { options } = this;
    const reads = /^([tdx]|delete)$/.test(this.mode);
    const found = reads ? await this.read(this.file) : [];
    const operands = await this.operands();
    if (this.mode === 'c') {
      if (operands.length === 0 && !options.has('T'))
        throw new Fatal(`tar: Cowardly refusing to create an empty archive\n${HINT}`);
      if (this.file !== '-' && this.file.includes('/') && !this.proc.files.exists(dirname(this.file)))
        throw new Fatal(`tar: ${this.file}: Cannot open: No such file or directory\n${LOST}`);
      return this.write(await this.gather(operands));
    }
    if (this.mode === 'r' || this.mode === 'u' || this.mode === 'A') return this.add(operands);
    if (this.mode === 'delete') {
      const wanted = this.matcher(operands);
      const kept = found.filter((member) => !wanted(member.name));
      await this.missing(wanted.unseen());
      return this.write(kept);
    }
    return this.walk(found, operands);
  }

  /** Operands, those of -T too, each with the last -C before it. */
  private async operands(): Promise<Operand[]> {
    const { proc, options } = this;
    const found: Operand[] = [];
    let base: string | undefined;
    const words = oldStyle(proc.argv).slice(1);
    const taken = new Set(options.rest);
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as string;
      const given = /^(?:-C|--directory=)(.*)$/.exec(word) ?? (word === '--directory' ? ['', ''] : null);
      if (given || /^-[a-zA-Z]*C$/.test(word)) {
        const directory = given?.[1] || (words[++i] as string);
        base = base !== undefined && !directory.startsWith('/') ? `${base}/${directory}` : directory;
        if (proc.files.find(base)?.type !== 'dir')
          throw new Fatal(`tar: ${directory}: Cannot open: No such file or directory\n${LOST}`);
      } else if (taken.has(word) && !/^-/.test(word) && !this.isValue(words, i)) found.push({ name: word, base });
    }
    for (const list of options.all('T')) {
      const text = list === '-' ? await textOf(proc, '-') : proc.files.readText(list);
      found.push(...text.split(options.has('null') ? '\0' : '\n').flatMap((name) => (name ? [{ name, base }] : [])));
    }
    this.base = base;
    return found;
  }

  private base: string | undefined;

  /** Whether a word is the value of the option before it. */
  private isValue(words: readonly string[], at: number): boolean {
    const before = words[at - 1] ?? '';
    if (/^-[a-zA-Z]*[CfTX]$/.test(before)) return true;
    return before.startsWith('--') && Object.keys(LONG).includes(`${before.slice(2)}=`);
  }

  private async gather(operands: readonly Operand[]): Promise<Member[]> {
    const found: Member[] = [];
    for (const { name, base } of operands) await this.collect(name, base, found);
    return found;
  }

  private async collect(path: string, base: string | undefined, into: Member[]): Promise<void> {
    const { proc, options } = this;
    await proc.tick();
    if (this.excluded.some((pattern) => pattern.test(path.replace(/\/$/, '')))) return;
    const real = base !== undefined && !path.startsWith('/') ? `${base}/${path}` : path;
    const stat = proc.files.find(real, options.has('h'));
    if (!stat) return this.trouble(`${path}: Cannot stat: No such file or directory`);
    const isDir = stat.type === 'dir';
    let data: Uint8Array = new Uint8Array();
    let children: string[] = [];
    try {
      if (stat.type === 'file') data = proc.files.readBytes(real);
      if (isDir && !options.has('no-recursion')) children = proc.files.list(real);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return this.trouble(`${path}: Cannot open: ${strerror(error)}`);
    }
    const name = isDir && !path.endsWith('/') ? `${path}/` : path;
    const inside = this.change(await this.inside(name));
    if (stat.type !== 'device') into.push(this.member(inside, stat, data));
    if (options.has('v')) await this.tell(`${name}\n`);
    for (const child of children) await this.collect(`${path.replace(/\/$/, '')}/${child}`, base, into);
    if (options.has('remove-files')) {
      if (isDir) proc.files.rmdir(real);
      else proc.files.unlink(real);
    }
  }

  /** A member's name has no slash at its beginning, unless -P keeps it. */
  private async inside(name: string): Promise<string> {
    if (!name.startsWith('/') || this.options.has('P')) return name;
    if (!this.toldLeading) await this.proc.complain("tar: Removing leading `/' from member names\n");
    this.toldLeading = true;
    return name.replace(/^\/+/, '') || './';
  }

  private member(name: string, stat: Stat, data: Uint8Array): Member {
    const { proc, options } = this;
    const owner = (letter: 'owner' | 'group', id: number, named: string): [string, number] => {
      const [given, number] = (options.get(letter) ?? '').split(':');
      if (!given) return [named, id];
      if (/^\d+$/.test(given))
        return [letter === 'owner' ? nameOfUser(proc, Number(given)) : nameOfGroup(proc, Number(given)), Number(given)];
      return [given, Number(number ?? (letter === 'owner' ? (proc.machine.user(given)?.uid ?? id) : id))];
    };
    const [user, uid] = owner('owner', stat.uid, nameOfUser(proc, stat.uid));
    const [group, gid] = owner('group', stat.gid, nameOfGroup(proc, stat.gid));
    return {
      name,
      type: stat.type === 'dir' ? 'dir' : stat.type === 'link' ? 'link' : stat.type === 'fifo' ? 'fifo' : 'file',
      mode: stat.mode,
      mtime: stat.mtime,
      target: stat.target ?? '',
      uid,
      gid,
      user,
      group,
      data,
    };
  }

  /** With an archive on standard output, what is told goes beside it. */
  private tell(text: string): Promise<void> {
    return this.file === '-' && this.mode !== 't' && this.mode !== 'x'
      ? this.proc.complain(text)
      : this.proc.print(text);
  }

  private async trouble(message: string): Promise<void> {
    this.failed = true;
    await this.proc.complain(`tar: ${message}\n`);
  }

  private async write(found: readonly Member[]): Promise<void> {
    const { proc, options, file } = this;
    const bytes = archived(found);
    const zips = options.has('z') || (options.has('a') && /\.(tgz|tar\.gz|taz)$/.test(file));
    const out = zips ? new Uint8Array(gzipSync(bytes)) : bytes;
    if (file === '-') {
      for (let at = 0; at < out.length; at += 65536) await proc.print(out.subarray(at, at + 65536));
      return;
    }
    try {
      proc.files.write(file, out);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fatal(`tar: ${file}: Cannot open: ${strerror(error)}\n${LOST}`);
    }
  }

  /** -r, -u and -A: the archive with more behind it. */
  private async add(operands: readonly Operand[]): Promise<void> {
    const { options } = this;
    if (options.has('z')) throw new Fatal(`tar: Cannot update compressed archives\n${HINT}`);
    const old = this.proc.files.exists(this.file) ? await this.read(this.file) : [];
    if (this.mode === 'A') {
      const more: Member[] = [];
      for (const { name } of operands) more.push(...(await this.read(name)));
      return this.write([...old, ...more]);
    }
    const latest = new Map(old.map((member) => [member.name, Math.floor(member.mtime / 1000)]));
    const fresh = (await this.gather(operands)).filter(
      (member) => this.mode === 'r' || Math.floor(member.mtime / 1000) > (latest.get(member.name) ?? -1),
    );
    return this.write([...old, ...fresh]);
  }

  private async read(file: string): Promise<Member[]> {
    const pieces: Uint8Array[] = [];
    try {
      for await (const chunk of chunks(this.proc, file)) pieces.push(chunk.slice());
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const why = `${file}: Cannot open: ${strerror(error)}`;
      if (!this.options.has('z')) throw new Fatal(`tar: ${why}\n${LOST}`);
      const child = `tar (child): ${why}\ntar (child): Error is not recoverable: exiting now\n`;
      throw new Fatal(`${child}tar: Child returned status 2\n${LOST}`);
    }
    let bytes: Uint8Array = concat(pieces);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    if (this.options.has('z') && !zipped && bytes.length > 0)
      throw new Fatal(`\ngzip: stdin: not in gzip format\ntar: Child returned status 1\n${LOST}`);
    try {
      if (zipped) bytes = new Uint8Array(gunzipSync(bytes));
    } catch {
      throw new Fatal(`\ngzip: stdin: unexpected end of file\ntar: Child returned status 1\n${LOST}`);
    }
    try {
      return [...members(bytes)];
    } catch (error) {
      if (!(error instanceof NotTar)) throw error;
      this.failed = true;
      await this.proc.complain('tar: This does not look like a tar archive\n');
      return [];
    }
  }

  /** Which members the operands name; without any, all. */
  private matcher(operands: readonly Operand[]) {
    const seen = new Set<string>();
    const names = operands.map(({ name }) => name);
    const patterns = this.options.has('wildcards') ? names.map((name) => [name, wildcard(name)] as const) : [];
    const matches = (path: string): boolean => {
      const plain = path.replace(/\/$/, '');
      if (names.length === 0) return true;
      let any = false;
      for (const name of names) {
        const own = name.replace(/\/$/, '');
        if (plain !== own && !plain.startsWith(`${own}/`)) continue;
        seen.add(name);
        any = true;
      }
      for (const [name, pattern] of patterns)
        if (pattern.test(plain)) {
          seen.add(name);
          any = true;
        }
      return any;
    };
    return Object.assign(matches, { unseen: () => names.filter((name) => !seen.has(name)) });
  }

  private async missing(names: readonly string[]): Promise<void> {
    for (const name of names) await this.trouble(`${name}: Not found in archive`);
  }

  /** -t, -x and -d. */
  private async walk(found: readonly Member[], operands: readonly Operand[]): Promise<void> {
    const { proc, options } = this;
    const wanted = this.matcher(operands);
    const strip = Number(options.get('strip') ?? 0);
    const width = { now: 0 };
    for (const member of found) {
      await proc.tick();
      if (!wanted(member.name)) continue;
      if (this.excluded.some((pattern) => pattern.test(member.name.replace(/\/$/, '')))) continue;
      const verbose = options.has('v');
      if (this.mode === 't') {
        await proc.print(verbose ? this.longLine(member, width) : `${member.name}\n`);
        continue;
      }
      const changed = this.change(member.name).replace(/\/$/, '');
      const name = changed.replace(/^\/+/, '').split('/').slice(strip).join('/');
      if (name === '') continue;
      if (verbose) await this.tell(`${member.name}\n`);
      if (name.split('/').includes('..')) {
        await this.trouble(`${member.name}: Member name contains '..', skipping.`);
        continue;
      }
      const path = this.base === undefined ? name : `${this.base}/${name}`;
      try {
        if (this.mode === 'd') await this.compare(member, path);
        else if (options.has('O')) await proc.print(member.data);
        else this.unpack(member, path);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.trouble(`${name}: Cannot open: ${strerror(error)}`);
      }
    }
    await this.missing(wanted.unseen());
  }

  private async compare(member: Member, path: string): Promise<void> {
    const { files } = this.proc;
    const stat = files.find(path, false);
    const differs = async (what: string) => {
      this.differing = true;
      await this.proc.print(`${member.name}: ${what}\n`);
    };
    if (!stat) return this.trouble(`${member.name}: Warning: Cannot stat: No such file or directory`);
    if ((stat.mode & 0o7777) !== (member.mode & 0o7777)) await differs('Mode differs');
    if (Math.floor(stat.mtime / 1000) !== Math.floor(member.mtime / 1000) && stat.type !== 'dir')
      await differs('Mod time differs');
    if (member.type !== 'file') return;
    if (stat.size !== member.data.length) await differs('Size differs');
    else if (Buffer.compare(files.readBytes(path), member.data) !== 0) await differs('Contents differ');
  }

  private differing = false;

  private unpack(member: Member, path: string): void {
    const { files, uid, umask } = this.proc;
    const { options } = this;
    const parents = (path.includes('/') ? dirname(path) : '')
      .split('/')
      .map((_, i, all) => all.slice(0, i + 1).join('/'));
    for (const parent of parents) if (parent && !files.exists(parent)) files.mkdir(parent);
    const old = files.find(path, false);
    if (member.type === 'dir') {
      if (!old) files.mkdir(path, member.mode);
      return;
    }
    if (old && options.has('skip-old-files')) return;
    if (old && options.has('k')) throw new Errno('EEXIST', path);
    if (member.type === 'link') {
      if (old) files.unlink(path);
      files.symlink(member.target, path);
      return;
    }
    if (member.type === 'fifo') {
      if (old) files.unlink(path);
      files.mkfifo(path, member.mode);
      return;
    }
    if (old?.type === 'link') files.unlink(path);
    const data =
      member.type === 'hard'
        ? files.readBytes(this.base === undefined ? member.target : `${this.base}/${member.target}`)
        : member.data;
    files.write(path, data, member.mode & 0o777);
    files.chmod(path, member.mode & (uid === 0 || options.has('p') ? 0o7777 : 0o777 & ~umask));
    if (uid === 0 && !options.has('o')) files.chown(path, member.uid, member.gid);
    if (!options.has('m')) files.touch(path, member.mtime);
  }

  /** A line of `tar tv`; the owner and the size share a column that grows. */
  private longLine(member: Member, width: { now: number }): string {
    const numeric = this.options.has('numeric-owner');
    const user = numeric || !member.user ? String(member.uid) : member.user;
    const group = numeric || !member.group ? String(member.gid) : member.group;
    const size = String(member.data.length);
    width.now = Math.max(width.now, 18, user.length + group.length + size.length + 2);
    const target =
      member.type === 'link' ? ` -> ${member.target}` : member.type === 'hard' ? ` link to ${member.target}` : '';
    const type = member.type === 'hard' ? 'file' : member.type;
    return `${modeText({ type, mode: member.mode })} ${user}/${group} ${size.padStart(width.now - user.length - group.length - 1)} ${strftime('%Y-%m-%d %H:%M', member.mtime)} ${member.name}${target}\n`;
  }
}

/** A pattern of member names: it may match a whole name or what follows a slash, and its star goes over slashes. */
function wildcard(pattern: string): RegExp {
  return compile(`^(?:.*/)?(?:${patternSource(pattern).replaceAll('[^/]', '[\\s\\S]')})$`, 'u');
}

/** `--transform 's/a/b/'`, in sed's language. */
function transforms(scripts: readonly string[]): (name: string) => string {
  const commands: Command[] = scripts.flatMap((script) =>
    parseSed(
      script.replace(/([a-zA-Z]*)$/, (flags) => flags.replace(/[xrRhHsS]/g, '')),
      /x[a-zA-Z]*$/.test(script),
    ),
  );
  return (name) =>
    commands.reduce((text, { pattern, replacement, global }) => {
      if (!pattern || !replacement) return text;
      let seen = 0;
      return text.replace(pattern, (...args) => {
        if (!global && seen++ > 0) return args[0] as string;
        return replacement(
          args.slice(
            0,
            args.findIndex((arg) => typeof arg === 'number'),
          ) as string[],
        );
      });
    }, name);
}
