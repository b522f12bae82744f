// `help`: how each builtin and keyword is written. The texts about them are bash's manual, which is not on board.
import { compile, patternSource } from '../pattern';
import type { Shell } from '../shell';
import { bashVersion } from '../version';
import { badOption, complain, options } from './builtin';

/** Names in the order of bash's list. */
const SYNOPSES: readonly (readonly [name: string, synopsis: string])[] = [
  ['%', 'job_spec [&]'],
  ['(( ... ))', '(( expression ))'],
  ['.', '. filename [arguments]'],
  [':', ':'],
  ['[', '[ arg... ]'],
  ['[[ ... ]]', '[[ expression ]]'],
  ['alias', 'alias [-p] [name[=value] ... ]'],
  ['bg', 'bg [job_spec ...]'],
  [
    'bind',
    'bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]',
  ],
  ['break', 'break [n]'],
  ['builtin', 'builtin [shell-builtin [arg ...]]'],
  ['caller', 'caller [expr]'],
  ['case', 'case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac'],
  ['cd', 'cd [-L|[-P [-e]] [-@]] [dir]'],
  ['command', 'command [-pVv] command [arg ...]'],
  [
    'compgen',
    'compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]',
  ],
  [
    'complete',
    'complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]',
  ],
  ['compopt', 'compopt [-o|+o option] [-DEI] [name ...]'],
  ['continue', 'continue [n]'],
  ['coproc', 'coproc [NAME] command [redirections]'],
  ['declare', 'declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]'],
  ['dirs', 'dirs [-clpv] [+N] [-N]'],
  ['disown', 'disown [-h] [-ar] [jobspec ... | pid ...]'],
  ['echo', 'echo [-neE] [arg ...]'],
  ['enable', 'enable [-a] [-dnps] [-f filename] [name ...]'],
  ['eval', 'eval [arg ...]'],
  ['exec', 'exec [-cl] [-a name] [command [argument ...]] [redirection ...]'],
  ['exit', 'exit [n]'],
  ['export', 'export [-fn] [name[=value] ...] or export -p'],
  ['false', 'false'],
  ['fc', 'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]'],
  ['fg', 'fg [job_spec]'],
  ['for ((', 'for (( exp1; exp2; exp3 )); do COMMANDS; done'],
  ['for', 'for NAME [in WORDS ... ] ; do COMMANDS; done'],
  ['function', 'function name { COMMANDS ; } or name () { COMMANDS ; }'],
  ['getopts', 'getopts optstring name [arg ...]'],
  ['hash', 'hash [-lr] [-p pathname] [-dt] [name ...]'],
  ['help', 'help [-dms] [pattern ...]'],
  ['history', 'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]'],
  ['if', 'if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi'],
  ['jobs', 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]'],
  ['kill', 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]'],
  ['let', 'let arg [arg ...]'],
  ['local', 'local [option] name[=value] ...'],
  ['logout', 'logout [n]'],
  ['mapfile', 'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]'],
  ['popd', 'popd [-n] [+N | -N]'],
  ['printf', 'printf [-v var] format [arguments]'],
  ['pushd', 'pushd [-n] [+N | -N | dir]'],
  ['pwd', 'pwd [-LP]'],
  [
    'read',
    'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
  ],
  [
    'readarray',
    'readarray [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
  ],
  ['readonly', 'readonly [-aAf] [name[=value] ...] or readonly -p'],
  ['return', 'return [n]'],
  ['select', 'select NAME [in WORDS ... ;] do COMMANDS; done'],
  ['set', 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]'],
  ['shift', 'shift [n]'],
  ['shopt', 'shopt [-pqsu] [-o] [optname ...]'],
  ['source', 'source filename [arguments]'],
  ['suspend', 'suspend [-f]'],
  ['test', 'test [expr]'],
  ['time', 'time [-p] pipeline'],
  ['times', 'times'],
  ['trap', 'trap [-lp] [[arg] signal_spec ...]'],
  ['true', 'true'],
  ['type', 'type [-afptP] name [name ...]'],
  ['typeset', 'typeset [-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]'],
  ['ulimit', 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]'],
  ['umask', 'umask [-p] [-S] [mode]'],
  ['unalias', 'unalias [-a] name [name ...]'],
  ['unset', 'unset [-f] [-v] [-n] [name ...]'],
  ['until', 'until COMMANDS; do COMMANDS-2; done'],
  ['wait', 'wait [-fn] [-p var] [id ...]'],
  ['while', 'while COMMANDS; do COMMANDS-2; done'],
  ['{ ... }', '{ COMMANDS ; }'],
  ['variables', 'variables - Names and meanings of some shell variables'],
];

const IS_PATTERN = /[*?]|\[.+\]/;
const COLUMN = 40; // of the list
const HEAD = `These shell commands are defined internally.  Type \`help' to see this list.
Type \`help name' to find out more about the function \`name'.
A star (*) next to a name means that the command is disabled.

`;

export async function help(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'dms');
  if (bad) return badOption(shell, 'help', bad, 'help [-dms] [pattern ...]');
  if (rest.length === 0) {
    await shell.proc.print(
      `GNU bash, version ${bashVersion(shell.proc.machine).release} (x86_64-redhat-linux-gnu)\n${HEAD}${list(shell)}`,
    );
    return 0;
  }
  let any = false;
  for (const pattern of rest) {
    const topics = matching(pattern);
    if (IS_PATTERN.test(pattern) && topics.length > 0)
      await shell.proc.print(`Shell commands matching keyword \`${pattern}'\n\n`);
    for (const [name, synopsis] of topics) await shell.proc.print(about(name, synopsis, found));
    any ||= topics.length > 0;
  }
  if (any) return 0;
  const last = rest.at(-1) ?? '';
  const where = `Try \`help help' or \`man -k ${last}' or \`info ${last}'.`;
  return complain(shell, 'help', `no help topics match \`${last}'.  ${where}`);
}

/** By its name, else those that begin with it; or by a pattern. */
function matching(pattern: string) {
  const exact = SYNOPSES.filter(([name]) => name === pattern || name.split(' ')[0] === pattern);
  if (exact.length > 0 || !IS_PATTERN.test(pattern))
    return exact.length > 0 ? exact : SYNOPSES.filter(([name]) => name.startsWith(pattern));
  const regex = compile(`^(?:${patternSource(pattern)})$`);
  return SYNOPSES.filter(([name]) => regex.test(name));
}

function about(name: string, synopsis: string, found: ReadonlyMap<string, string>): string {
  if (found.has('s')) return `${name}: ${synopsis}\n`;
  if (found.has('d')) return `${name} - not supported here: descriptions\n`;
  return `${name}: ${synopsis}\n    not supported here: the text about it (see the manual of bash)\n`;
}

function list(shell: Shell): string {
  const cells = SYNOPSES.map(([name, synopsis]) => {
    const text = `${shell.disabled.has(name) ? '*' : ' '}${synopsis}`;
    return text.length < COLUMN ? text : `${text.slice(0, COLUMN - 3)}>`;
  });
  const half = Math.ceil(cells.length / 2);
  return cells
    .slice(0, half)
    .map((cell, i) => `${`${cell.padEnd(COLUMN)}${cells[half + i] ?? ''}`.trimEnd()}\n`)
    .join('');
}
