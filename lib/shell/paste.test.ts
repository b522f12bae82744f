// Pastes of every size into everything that reads a terminal: nothing is lost, doubled or out of order.
import { expect, test } from 'vitest';
import { programs } from '../programs/index';
import { session } from './testing/session';

const KB = 1024;
const DONE = '\x04'; // Ctrl-D

/** Numbered lines of about so many bytes, with characters of one to four bytes. */
function numbered(bytes: number): string[] {
  const lines: string[] = [];
  for (let size = 0; size < bytes; size += 40) lines.push(`line ${lines.length} é 漢字 😀 "x" \\ | end`);
  return lines;
}

/** As a terminal sends a paste: returns for newlines. */
const typed = (lines: readonly string[]) => lines.map((line) => `${line}\r`).join('');
const bracketed = (text: string) => `\x1b[200~${text}\x1b[201~`;

interface Paste {
  keys: (lines: string[]) => string;
  file: string;
  largest?: number;
  /** What the file is to have. */
  expected?: (lines: string[]) => string;
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

const PASTES: Record<string, Paste> = {
  'cat > file': { keys: (lines) => `cat > f\r${typed(lines)}${DONE}`, file: 'f', largest: 1024 * KB },
  'a here-document': { keys: (lines) => `cat > f <<'E'\r${typed(lines)}E\r`, file: 'f' },
  'a here-document, bracketed': {
    keys: (lines) => `${bracketed(`cat > f <<'E'\r${typed(lines)}E`)}\r`,
    file: 'f',
    largest: 1024 * KB,
  },
  'a read loop': {
    keys: (lines) => `while IFS= read -r l; do echo "$l"; done > f\r${typed(lines)}${DONE}`,
    file: 'f',
  },
  'commands at the prompt': {
    keys: (lines) => typed(lines.map((_, i) => `echo ${i} >> f`)),
    file: 'f',
    largest: 10 * KB,
    expected: (lines) => text(lines.map((_, i) => String(i))),
  },
  'commands, bracketed': {
    keys: (lines) => `${bracketed(typed(lines.map((_, i) => `echo ${i} >> f`)))}\r`,
    file: 'f',
    largest: 10 * KB,
    expected: (lines) => text(lines.map((_, i) => String(i))),
  },
  'commands while another runs': {
    keys: (lines) => `sleep 5\r${typed(lines.map((_, i) => `echo ${i} >> f`))}`,
    file: 'f',
    largest: 10 * KB,
    expected: (lines) => text(lines.map((_, i) => String(i))),
  },
  'one long line': {
    keys: (lines) => `echo '${lines.join(' ')}' > f\r`,
    file: 'f',
    expected: (lines) => `${lines.join(' ')}\n`,
  },
  vi: { keys: (lines) => `vi f\ri${typed(lines)}\x1b:wq\r`, file: 'f', expected: (lines) => `${text(lines)}\n` },
  nano: { keys: (lines) => `nano f\r${typed(lines)}\x0f\r\x18`, file: 'f', expected: (lines) => `${text(lines)}\n` },
  'nano, bracketed': {
    keys: (lines) => `nano f\r${bracketed(typed(lines))}\x0f\r\x18`,
    file: 'f',
    expected: (lines) => `${text(lines)}\n`,
  },
};

const SIZES = [KB, 10 * KB, 64 * KB, 1024 * KB];

const cases = Object.entries(PASTES).flatMap(([name, paste]) =>
  SIZES.filter((bytes) => bytes <= (paste.largest ?? 64 * KB)).map((bytes) => [name, bytes, paste] as const),
);

test.each(cases)('%s, %i bytes', async (_, bytes, paste) => {
  const lines = numbered(bytes);
  for (const pieces of [1, 7]) {
    const s = await session({ programs });
    const keys = new TextEncoder().encode(paste.keys(lines));
    const size = Math.ceil(keys.length / pieces); // not at the borders of characters or lines
    for (let at = 0; at < keys.length; at += size) {
      s.terminal.input(keys.slice(at, at + size));
      await s.type('');
    }
    s.terminal.input(new TextEncoder().encode('touch done\r'));
    await s.until(() => s.machine.text('/work/done') !== undefined);
    expect(s.machine.text(`/work/${paste.file}`)).toBe((paste.expected ?? text)(lines));
  }
});

test('a flood is shown whole and in order, whatever size the terminal takes meanwhile', async () => {
  const s = await session({ programs });
  let shown = '';
  const push = s.terminal.output.push.bind(s.terminal.output);
  s.terminal.output.push = (bytes) => {
    shown += Buffer.from(bytes).toString('latin1');
    push(bytes);
  };
  s.terminal.input(new TextEncoder().encode('seq 200000\rtouch done\r'));
  for (let columns = 20; columns < 200; columns += 20) {
    s.terminal.resize({ columns, rows: 24 });
    await s.type('');
  }
  await s.until(() => s.machine.text('/work/done') !== undefined);
  const numbers = Array.from({ length: 200_000 }, (_, i) => `${i + 1}\r\n`).join('');
  expect(shown.includes(numbers)).toBe(true);
});

test('Ctrl-D ends one reader, what follows is for the next', async () => {
  const s = await session({ programs });
  await s.type(`cat > a\rone\r${DONE}cat > b\rtwo\r${DONE}echo three > c\r`);
  expect(['a', 'b', 'c'].map((name) => s.machine.text(`/work/${name}`))).toEqual(['one\n', 'two\n', 'three\n']);
});

test('Ctrl-C takes away what was typed ahead', async () => {
  const s = await session({ programs });
  await s.type('sleep 100\r');
  await s.type('touch no\r');
  await s.type('\x03');
  await s.type('touch yes\r');
  expect(s.machine.text('/work/no')).toBeUndefined();
  expect(s.machine.text('/work/yes')).toBe('');
});
