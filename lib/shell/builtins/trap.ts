// `trap`.
import { findSignal, SIGNAL_NUMBERS, type Signal } from '../../machine/signals';
import { singleQuote } from '../quote';
import type { Shell } from '../shell';
import { badOption, complain, options } from './builtin';

const PSEUDO = new Set(['EXIT', 'ERR', 'DEBUG', 'RETURN']);

function condition(name: string): string | undefined {
  const upper = name.toUpperCase().replace(/^SIG(?=EXIT|ERR|DEBUG|RETURN)/, '');
  if (upper === '0' || PSEUDO.has(upper)) return upper === '0' ? 'EXIT' : upper;
  return findSignal(name);
}

/** The other shells have no conditions of their own but the end; dash knows signals without SIG only. */
function posixCondition(shell: Shell, name: string): string | undefined {
  if (shell.dialect === 'dash' && /^SIG/i.test(name)) return undefined;
  const what = condition(name);
  const known = what === 'EXIT' || (what === 'ERR' && shell.dialect === 'ash');
  return what && !known && PSEUDO.has(what) ? undefined : what;
}

export async function trap(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'lp');
  if (bad) return badOption(shell, 'trap', bad, 'trap [-lp] [[arg] signal_spec ...]');
  if (found.has('l')) return shell.executor.words(shell, ['kill', '-l'], false);
  if (found.has('p') || rest.length === 0) return list(shell, rest);
  const [first = '', ...others] = rest;
  const reset = others.length === 0 || first === '-' || (/^\d+$/.test(first) && condition(first) !== undefined);
  if (others.length === 0 && condition(first) === undefined && first !== '-' && !shell.posixLike) {
    await shell.proc.complain('trap: usage: trap [-lp] [[arg] signal_spec ...]\n');
    return 2;
  }
  const names = others.length === 0 || (reset && first !== '-') ? rest : others;
  let status = 0;
  for (const name of names) {
    const what = shell.posixLike ? posixCondition(shell, name) : condition(name);
    if (!what && shell.dialect === 'dash') {
      await shell.proc.complain(`trap: ${name}: bad trap\n`);
      status = 1;
    } else if (!what) status = await complain(shell, 'trap', `${name}: invalid signal specification`);
    else if (reset) clear(shell, what);
    else install(shell, what, first);
  }
  return status;
}

function clear(shell: Shell, what: string): void {
  shell.traps.delete(what);
  if (what in SIGNAL_NUMBERS) {
    shell.proc.on(what as Signal, undefined);
    shell.wireSignals();
  }
}

function install(shell: Shell, what: string, action: string): void {
  shell.traps.set(what, action);
  if (what === 'EXIT') shell.wireSignals();
  if (!(what in SIGNAL_NUMBERS)) return;
  const signal = what as Signal;
  if (action === '') return shell.proc.ignore(signal);
  shell.proc.on(signal, () => {
    shell.pending.push(signal);
    shell.wake(128 + SIGNAL_NUMBERS[signal]);
  });
}

async function list(shell: Shell, names: string[]): Promise<number> {
  const wanted = names.map(condition);
  const order = (what: string) => (what === 'EXIT' ? 0 : (SIGNAL_NUMBERS[what as Signal] ?? 100));
  const all = [...shell.traps].filter(([what]) => wanted.length === 0 || wanted.includes(what));
  for (const [what, action] of all.sort((a, b) => order(a[0]) - order(b[0])))
    await shell.proc.print(`trap -- ${singleQuote(action)} ${what}\n`);
  return 0;
}
