// watch.

import { OpenFile, sink } from '../machine/descriptor';
import { toText } from '../machine/fs';
import type { Process, Program } from '../machine/process';
import { concat } from '../machine/process';
import { textWidth } from '../shell/editor/width';
import { strftime } from '../shell/strftime';
import { about } from './about';
import { getopt } from './getopt';

const USAGE =
  '\nUsage:\n watch [options] command\n\nOptions:\n  -b, --beep             beep if command has a non-zero exit\n  -c, --color            interpret ANSI color and style sequences\n  -d, --differences[=<permanent>]\n                         highlight changes between updates\n  -e, --errexit          exit if command has a non-zero exit\n  -g, --chgexit          exit when output from command changes\n  -n, --interval <secs>  seconds to wait between updates\n  -t, --no-title         turn off header\n  -x, --exec             pass command to exec instead of "sh -c"\n\n -h, --help     display this help and exit\n -v, --version  output version information and exit\n\nFor more details see watch(1).\n';

export const watch: Program = async (proc) => {
  const options = getopt(
    proc.argv,
    'bcdeghn:ptvwx',
    {
      beep: 'b',
      color: 'c',
      differences: 'd',
      errexit: 'e',
      chgexit: 'g',
      'interval=': 'n',
      'no-title': 't',
      exec: 'x',
      precise: 'p',
    },
    true,
  );
  if (options.about === 'version') return about(proc, options);
  if (options.about) return proc.print(USAGE).then(() => 0);
  if (options.error !== undefined || options.rest.length === 0) {
    await proc.complain(`${options.error ? `${options.error}\n` : ''}${USAGE}`);
    return 1;
  }
  const seconds = Math.max(0.1, Number(options.get('n') ?? proc.env['WATCH_INTERVAL'] ?? 2) || 2);
  const command = options.rest.join(' ');
  proc.onExit(
    () => proc.terminal?.output.closed || proc.terminal?.output.push(new TextEncoder().encode('\x1b[?1049l\x1b[?25h')),
  );
  await proc.print('\x1b[?1049h\x1b[?25l');
  let before: string | undefined;
  while (true) {
    const { text, code } = await capture(proc, options.has('x') ? options.rest : ['sh', '-c', command]);
    await proc.print(frame(proc, options.has('t') ? '' : title(proc, seconds, command), text));
    if (options.has('e') && code !== 0) return code;
    if (options.has('g') && before !== undefined && before !== text) return 0;
    before = text;
    await proc.sleep(seconds * 1000);
  }
};

async function capture(proc: Process, argv: string[]): Promise<{ text: string; code: number }> {
  const chunks: Uint8Array[] = [];
  const out = new OpenFile(sink((bytes) => void chunks.push(bytes.slice())));
  const stdin = proc.fds.get(0);
  const fds = new Map([[1, out], [2, out.share()], ...(stdin ? [[0, stdin.share()] as const] : [])]);
  const { code } = await proc.run(argv, { fds });
  return { text: toText(concat(chunks)), code };
}

function title(proc: Process, seconds: number, command: string): string {
  const columns = proc.terminal?.size.columns ?? 80;
  const left = `Every ${seconds.toFixed(1)}s: ${command}`;
  const right = `${proc.machine.hostname}: ${strftime('%a %b %e %H:%M:%S %Y', proc.machine.clock.now())}`;
  const room = columns - right.length - 1;
  return `${left.length > room ? left.slice(0, Math.max(0, room)) : left.padEnd(room)} ${right}\n\n`;
}

/** Fills the screen and clears what was there; long lines and what is below the screen are cut. */
function frame(proc: Process, head: string, text: string): string {
  const { rows, columns } = proc.terminal?.size ?? { rows: 24, columns: 80 };
  const lines = (head + text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '')).split('\n').slice(0, rows);
  const cut = (line: string) => (textWidth(line) > columns ? [...line].slice(0, columns).join('') : line);
  return `\x1b[H${lines.map((line) => `${cut(line)}\x1b[K`).join('\n')}\x1b[J`;
}
