// What every git command works with: its process, the repository, configuration, who commits, paths as the user writes them.
import { normalize } from '../../machine/path';
import type { Process } from '../../machine/process';
import { nameOfUser } from '../stat-text';
import { readConfig, textAt } from './config';
import { GitError } from './error';
import { Repository } from './repository';

export type Command = (git: Git, args: string[]) => Promise<number>;

export class Git {
  private found: Repository | undefined;

  constructor(
    readonly proc: Process,
    readonly cwd: string,
    private readonly given: [string, string][] = [],
  ) {}

  get repository(): Repository {
    this.found ??= Repository.find(this.proc.files, this.cwd === '/' ? '' : this.cwd);
    if (!this.found) throw new GitError('fatal: not a git repository (or any of the parent directories): .git');
    return this.found;
  }

  get inRepository(): boolean {
    return Repository.find(this.proc.files, this.cwd === '/' ? '' : this.cwd) !== undefined;
  }

  print(text: string): Promise<void> {
    return text === '' ? Promise.resolve() : this.proc.print(text);
  }

  complain(text: string): Promise<void> {
    return this.proc.complain(text);
  }

  get globalPath(): string {
    return `${this.proc.env['HOME'] ?? ''}/.gitconfig`;
  }

  /** All values, those of the repository last. */
  settings(): [string, string][] {
    const { files } = this.proc;
    const own = this.inRepository ? readConfig(textAt(files, this.repository.path('config'))) : [];
    return [
      ...readConfig(textAt(files, '/etc/gitconfig')),
      ...readConfig(textAt(files, this.globalPath)),
      ...own,
      ...this.given,
    ];
  }

  setting(key: string): string | undefined {
    return this.settings().findLast(([name]) => name === key)?.[1];
  }

  /** `NAME <EMAIL> SECONDS +0000`; throws when git does not know who commits. */
  identity(role: 'AUTHOR' | 'COMMITTER'): string {
    const { env, machine, uid } = this.proc;
    const name = env[`GIT_${role}_NAME`] ?? this.setting('user.name');
    const email = env[`GIT_${role}_EMAIL`] ?? this.setting('user.email');
    if (name === undefined || email === undefined) {
      const user = nameOfUser(this.proc, uid);
      throw new GitError(
        `${role === 'AUTHOR' ? 'Author' : 'Committer'} identity unknown\n\n*** Please tell me who you are.\n\nRun\n\n  git config --global user.email "you@example.com"\n  git config --global user.name "Your Name"\n\nto set your account's default identity.\nOmit --global to set the identity only in this repository.\n\nfatal: unable to auto-detect email address (got '${user}@${machine.hostname}.(none)')`,
      );
    }
    return `${name} <${email}> ${Math.floor(machine.clock.now() / 1000)} +0000`;
  }

  /** A path as the user wrote it, from the top of the tree; `` is the top. */
  pathFrom(given: string): string {
    const { root } = this.repository;
    const at = normalize(this.cwd, given);
    if (at === root) return '';
    const prefix = root === '/' ? '/' : `${root}/`;
    if (!at.startsWith(prefix)) throw new GitError(`fatal: ${given}: '${given}' is outside repository at '${root}'`);
    return at.slice(prefix.length);
  }

  /** A path of the tree as it is shown here. */
  shown(path: string): string {
    const { root } = this.repository;
    const here = this.cwd === root ? '' : this.cwd.slice(root === '/' ? 1 : root.length + 1);
    if (here === '') return path;
    const [a, b] = [here.split('/'), path.split('/')];
    let same = 0;
    while (same < a.length && same < b.length - 1 && a[same] === b[same]) same++;
    return '../'.repeat(a.length - same) + b.slice(same).join('/');
  }

  /** The commit of a name; throws git's message. */
  commitOf(name: string): string {
    const id = this.repository.resolve(name);
    if (!id)
      throw new GitError(
        `fatal: ambiguous argument '${name}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`,
      );
    return id;
  }
}

/** Whether a path is one of those asked for, or in one of them. */
export const within = (path: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((each) => each === '' || path === each || path.startsWith(`${each}/`));

/** Flags apart from the other words; `--` ends the flags. Throws for one that is not known. */
export function flags(
  command: string,
  args: string[],
  known: string,
  valued = '',
): {
  has: (name: string) => boolean;
  get: (name: string) => string | undefined;
  all: (name: string) => string[];
  rest: string[];
  paths: string[];
} {
  const found = new Map<string, string[]>();
  const names = new Set(known.split(' '));
  const takes = new Set(valued.split(' ').filter(Boolean));
  const rest: string[] = [];
  let paths: string[] = [];
  const add = (name: string, value: string) => found.set(name, [...(found.get(name) ?? []), value]);
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === '--') {
      paths = args.slice(i + 1);
      break;
    }
    const [long = '', value] = word.split(/=(.*)/s);
    if (!word.startsWith('-') || word === '-') rest.push(word);
    else if (takes.has(long)) add(long, value ?? args[++i] ?? '');
    else if (names.has(long)) add(long, value ?? '');
    else if (/^-[a-zA-Z]/.test(word)) {
      for (let at = 1; at < word.length; at++) {
        const letter = `-${word.charAt(at)}`;
        if (takes.has(letter)) {
          add(letter, word.slice(at + 1) || (args[++i] ?? ''));
          break;
        }
        if (!names.has(letter))
          throw new GitError(`error: unknown switch \`${word.charAt(at)}'\nusage: git ${command}`, 129);
        add(letter, '');
      }
    } else throw new GitError(`error: unknown option \`${long.slice(2)}'\nusage: git ${command}`, 129);
  }
  return {
    has: (name) => name.split(' ').some((each) => found.has(each)),
    get: (name) =>
      name
        .split(' ')
        .flatMap((each) => found.get(each) ?? [])
        .at(-1),
    all: (name) => name.split(' ').flatMap((each) => found.get(each) ?? []),
    rest,
    paths,
  };
}
