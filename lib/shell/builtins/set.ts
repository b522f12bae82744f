// `set` and `shopt`.
import { describe } from '../describe';
import { singleQuote } from '../quote';
import type { Shell } from '../shell';
import { badOption, complain, fault } from './builtin';

const LETTERS: Record<string, string> = {
  a: 'allexport',
  b: 'notify',
  B: 'braceexpand',
  C: 'noclobber',
  e: 'errexit',
  E: 'errtrace',
  f: 'noglob',
  h: 'hashall',
  H: 'histexpand',
  k: 'keyword',
  m: 'monitor',
  n: 'noexec',
  p: 'privileged',
  P: 'physical',
  t: 'onecmd',
  T: 'functrace',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
};

const NAMES = [
  ...Object.values(LETTERS),
  'emacs',
  'history',
  'ignoreeof',
  'interactive-comments',
  'nolog',
  'pipefail',
  'posix',
  'vi',
].sort();

const BASHS = new Set(
  'braceexpand errtrace functrace hashall histexpand history keyword onecmd physical posix privileged interactive-comments'.split(
    ' ',
  ),
);

/** Options that the other shells do not have. */
const isBashs = (shell: Shell, name: string): boolean =>
  (shell.posixLike && BASHS.has(name)) || (shell.dialect === 'dash' && name === 'pipefail');

export async function set(shell: Shell, argv: string[]): Promise<number> {
  if (argv.length === 1 && shell.posixLike) {
    for (const name of shell.vars.names().sort()) {
      const value = shell.vars.get(name);
      if (value !== undefined) await shell.proc.print(`${name}=${singleQuote(value)}\n`);
    }
    return 0;
  }
  if (argv.length === 1) {
    for (const name of shell.vars.names()) {
      const variable = shell.vars.findRaw(name);
      if (variable && (variable.scalar ?? variable.array ?? variable.assoc) !== undefined)
        await shell.proc.print(`${describe.setLine(name, variable)}\n`);
    }
    return 0;
  }
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i] as string;
    if (arg === '--' || arg === '-') {
      if (arg === '--' || argv.length > i + 1) shell.positional = argv.slice(i + 1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) {
      shell.positional = argv.slice(i);
      return 0;
    }
    const on = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        const name = argv[++i];
        if (name === undefined) return printOptions(shell, on);
        if (!NAMES.includes(name) || isBashs(shell, name)) {
          const option = `${on || shell.dialect === 'dash' ? '-' : '+'}o ${name}`;
          if (shell.dialect === 'ash') return complain(shell, 'set', `illegal option ${option}`);
          const wording = { dash: `Illegal option ${option}`, ash: `illegal option ${option}` };
          return fault(shell, 'set', `${name}: invalid option name`, wording, 2);
        }
        turn(shell, name, on);
      } else {
        const name = LETTERS[letter];
        if (!name || isBashs(shell, name))
          return badOption(
            shell,
            'set',
            `${arg.charAt(0)}${letter}`,
            'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
          );
        turn(shell, name, on);
      }
    }
  }
  return 0;
}

/** Turns an option on or off; emacs and vi exclude each other. */
export function turn(shell: Shell, name: string, on: boolean): void {
  if (on) shell.options.add(name);
  else shell.options.delete(name);
  if (on && name === 'vi') shell.options.delete('emacs');
  if (on && name === 'emacs') shell.options.delete('vi');
}

/** Turns an option given by its letter; false when there is none. */
export function turnLetter(shell: Shell, letter: string, on: boolean): boolean {
  const name = LETTERS[letter];
  if (name) turn(shell, name, on);
  return name !== undefined;
}

export const isOptionName = (name: string): boolean => NAMES.includes(name);

async function printOptions(shell: Shell, asTable: boolean): Promise<number> {
  const line = (name: string) =>
    asTable
      ? `${name.padEnd(15)}\t${shell.option(name) ? 'on' : 'off'}\n`
      : `set ${shell.option(name) ? '-' : '+'}o ${name}\n`;
  await shell.proc.print(NAMES.map(line).join(''));
  return 0;
}

const SHOPTS =
  'autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch nullglob patsub_replacement progcomp progcomp_alias promptvars restricted_shell shift_verbose sourcepath varredir_close xpg_echo'.split(
    ' ',
  );

/** What bash has on from the start. */
export const DEFAULT_SHOPTS = [
  'checkwinsize',
  'cmdhist',
  'complete_fullquote',
  'extquote',
  'force_fignore',
  'globasciiranges',
  'hostcomplete',
  'interactive_comments',
  'progcomp',
  'promptvars',
  'sourcepath',
];

export async function shopt(shell: Shell, argv: string[]): Promise<number> {
  const flags = argv
    .slice(1)
    .filter((arg) => /^-[a-z]+$/.test(arg))
    .join('');
  const names = argv.slice(1).filter((arg) => !/^-[a-z]+$/.test(arg));
  const bad = /[^opqsu-]/.exec(flags);
  if (bad) return badOption(shell, 'shopt', `-${bad[0]}`, 'shopt [-pqsu] [-o] [optname ...]');
  const known = flags.includes('o') ? NAMES : SHOPTS;
  const store = flags.includes('o') ? shell.options : shell.shopts;
  const line = (name: string) => {
    const on = store.has(name);
    return flags.includes('p') ? `shopt ${on ? '-s' : '-u'} ${name}\n` : `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`;
  };
  let status = 0;
  const set = flags.includes('s') ? true : flags.includes('u') ? false : undefined;
  const list = names.length > 0 ? names : known.filter((name) => set === undefined || store.has(name) === set);
  for (const name of list) {
    if (!known.includes(name)) {
      status = await complain(shell, 'shopt', `${name}: invalid shell option name`);
      continue;
    }
    if (set !== undefined && names.length > 0) {
      if (set) store.add(name);
      else store.delete(name);
      continue;
    }
    if (names.length > 0 && !store.has(name)) status = 1;
    if (!flags.includes('q')) await shell.proc.print(line(name));
  }
  return status;
}
