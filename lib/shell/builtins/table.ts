// The builtins by name: one line each.
import type { Shell } from '../shell';
import { alias, unalias } from './alias';
import type { Builtin } from './builtin';
import { builtin, command, hash, type } from './commands';
import { complete } from './complete';
import { declare, exportBuiltin, local, readonly, unset } from './declare';
import { cd, dirs, popd, pushd, pwd } from './directories';
import { echo } from './echo';
import { evalBuiltin, exit, letBuiltin, logout, loopControl, returnBuiltin, shift, source } from './flow';
import { getopts } from './getopts';
import { help } from './help';
import { fc, historyBuiltin } from './history';
import { bg, disown, fg, jobs, kill, suspend, wait } from './jobs';
import { mapfile } from './mapfile';
import { printf } from './printf';
import { read } from './read';
import { bind, caller, enable, times, ulimit, umask } from './rest';
import { set, shopt } from './set';
import { bracket, test } from './test';
import { trap } from './trap';

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  '.': source,
  '[': bracket,
  alias,
  bg,
  bind,
  break: loopControl,
  builtin,
  caller,
  cd,
  command,
  compgen: complete,
  complete,
  compopt: complete,
  continue: loopControl,
  declare,
  dirs,
  disown,
  echo,
  enable,
  eval: evalBuiltin,
  exec: () => 0, // run by the executor, which holds its redirections
  exit,
  export: exportBuiltin,
  false: () => 1,
  fc,
  fg,
  getopts,
  hash,
  help,
  history: historyBuiltin,
  jobs,
  kill,
  let: letBuiltin,
  local,
  logout,
  mapfile,
  popd,
  printf,
  pushd,
  pwd,
  read,
  readarray: mapfile,
  readonly,
  return: returnBuiltin,
  set,
  shift,
  shopt,
  source,
  suspend,
  test,
  times,
  trap,
  true: () => 0,
  type,
  typeset: declare,
  ulimit,
  umask,
  unalias,
  unset,
  wait,
};

/** What only bash has. */
const BASH_ONLY = new Set(
  'bind builtin caller compgen complete compopt declare dirs disown enable help logout mapfile popd pushd readarray shopt source suspend typeset'.split(
    ' ',
  ),
);

const NOT_DASH = new Set(['let', 'history', 'fc']);

export function findBuiltin(shell: Shell, name: string): Builtin | undefined {
  if (!Object.hasOwn(BUILTINS, name)) return undefined;
  if (shell.dialect === 'dash' && NOT_DASH.has(name)) return undefined;
  if (shell.dialect !== 'bash' && BASH_ONLY.has(name) && !(shell.dialect === 'ash' && name === 'source'))
    return undefined;
  return shell.disabled.has(name) ? undefined : BUILTINS[name];
}
