// clear, reset, tput, stty.
import type { Program } from '../machine/process';
import { fail, usage } from './tool';

export const clear: Program = async (proc) => {
  await proc.print('\x1b[H\x1b[2J\x1b[3J');
  return 0;
};

export const reset: Program = async (proc) => {
  proc.stdin.terminal?.cooked();
  await proc.print('\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>');
  return 0;
};

const CAPABILITIES: Record<string, string> = {
  bold: '\x1b[1m',
  dim: '\x1b[2m',
  smul: '\x1b[4m',
  rmul: '\x1b[24m',
  rev: '\x1b[7m',
  smso: '\x1b[7m',
  rmso: '\x1b[27m',
  sgr0: '\x1b(B\x1b[m',
  clear: '\x1b[H\x1b[2J\x1b[3J',
  el: '\x1b[K',
  ed: '\x1b[J',
  home: '\x1b[H',
  civis: '\x1b[?25l',
  cnorm: '\x1b[?12l\x1b[?25h',
  smcup: '\x1b[?1049h',
  rmcup: '\x1b[?1049l',
  sc: '\x1b7',
  rc: '\x1b8',
  bel: '\x07',
};

export const tput: Program = async (proc) => {
  const [name, a = '0', b = '0'] = proc.argv.slice(1).filter((arg) => !/^-[TS]/.test(arg));
  const size = proc.terminal?.size ?? { columns: 80, rows: 24 };
  if (name === undefined) return usage(proc, 'tput: no capability given', 2);
  if (name === 'cols') await proc.print(`${size.columns}\n`);
  else if (name === 'lines') await proc.print(`${size.rows}\n`);
  else if (name === 'colors') await proc.print('256\n');
  else if (name === 'setaf' || name === 'setab') await proc.print(color(Number(a), name === 'setaf' ? 30 : 40));
  else if (name === 'cup') await proc.print(`\x1b[${Number(a) + 1};${Number(b) + 1}H`);
  else if (CAPABILITIES[name] !== undefined) await proc.print(CAPABILITIES[name] ?? '');
  else return fail(proc, `unknown terminfo capability '${name}'`, 4);
  return 0;
};

function color(n: number, base: number): string {
  if (n < 8) return `\x1b[${base + n}m`;
  return n < 16 ? `\x1b[${base + 52 + n}m` : `\x1b[${base + 8};5;${n}m`;
}

export const stty: Program = async (proc) => {
  const [, first = '', device = ''] = proc.argv;
  const path = first === '-F' ? device : (/^(?:-F|--file=)(.+)/.exec(first)?.[1] ?? '');
  if (path !== '' && !proc.files.exists(path)) return fail(proc, `${path}: No such file or directory`);
  const { terminal } = proc.stdin;
  if (!terminal) return fail(proc, "'standard input': Inappropriate ioctl for device");
  const words = proc.argv.slice(1);
  if (words.length === 0 || words[0] === '-a') {
    const { columns, rows } = terminal.size;
    const on = (name: string, yes: boolean) => `${yes ? '' : '-'}${name}`;
    const { icanon, echo, isig, icrnl, opost } = terminal.termios;
    await proc.print(
      `speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;\n${on('icrnl', icrnl)} ${on('opost', opost)} ${on('isig', isig)} ${on('icanon', icanon)} ${on('echo', echo)}\n`,
    );
    return 0;
  }
  for (const word of words) {
    const key = word.replace(/^-/, '');
    if (word === 'size') await proc.print(`${terminal.size.rows} ${terminal.size.columns}\n`);
    else if (word === 'sane' || word === 'cooked') terminal.cooked();
    else if (word === 'raw') terminal.raw();
    else if (key === 'icanon' || key === 'echo' || key === 'isig' || key === 'icrnl' || key === 'opost')
      terminal.termios = { ...terminal.termios, [key]: !word.startsWith('-') };
    else if (!/^(cols|columns|rows|\d+|-?ixon|-?echoe|erase|min|time)$/.test(word))
      return usage(proc, `stty: invalid argument '${word}'`);
  }
  return 0;
};
