// PS1 and its escapes: `\u@\h:\w\$ `.
import { basename } from '../machine/path';
import type { Shell } from './shell';
import { bashVersion } from './version';

/** Markers around what takes no room on the screen, `\[` and `\]`. */
export const INVISIBLE_START = '\x01';
export const INVISIBLE_END = '\x02';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

/** Decodes the backslash escapes of a prompt; parameters are expanded by the caller. */
export function expandPrompt(shell: Shell, text: string): string {
  return text.replace(/\\([0-7]{1,3}|D\{[^}]*\}|[\s\S])/g, (whole, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return escapes(shell, code) ?? whole;
  });
}

function escapes(shell: Shell, code: string): string | undefined {
  const { proc } = shell;
  const date = new Date(proc.machine.clock.now());
  const hours = date.getUTCHours();
  switch (code.charAt(0)) {
    case 'u':
      return proc.machine.user(proc.uid)?.name ?? 'I have no name!';
    case 'h':
      return proc.machine.hostname.split('.')[0];
    case 'H':
      return proc.machine.hostname;
    case 'w':
      return shortened(shell);
    case 'W':
      return shortened(shell) === '~' ? '~' : basename(proc.cwd) || '/';
    case '$':
      return proc.uid === 0 ? '#' : '$';
    case 's':
      return basename(shell.name);
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'a':
      return '\x07';
    case 'e':
      return '\x1b';
    case '\\':
      return '\\';
    case '[':
      return INVISIBLE_START;
    case ']':
      return INVISIBLE_END;
    case 'j':
      return String(shell.jobs.list.length);
    case 'l':
      return basename(proc.terminal?.name ?? '');
    case '!':
    case '#':
      return String((shell.history?.lines.length ?? 0) + 1);
    case 't':
      return `${two(hours)}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    case 'T':
      return `${two(hours % 12 || 12)}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    case 'A':
      return `${two(hours)}:${two(date.getUTCMinutes())}`;
    case '@':
      return `${two(hours % 12 || 12)}:${two(date.getUTCMinutes())} ${hours < 12 ? 'AM' : 'PM'}`;
    case 'd':
      return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())}`;
    case 'v':
      return bashVersion(proc.machine).short;
    case 'V':
      return bashVersion(proc.machine).full;
    default:
      return undefined;
  }
}

/** The directory with the home directory as `~`. */
function shortened(shell: Shell): string {
  const home = shell.vars.get('HOME');
  const { cwd } = shell.proc;
  if (!home || home === '/') return cwd;
  if (cwd === home) return '~';
  return cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd;
}
