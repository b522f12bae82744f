import { expect, test } from 'vitest';
import { session } from '../../shell/testing/session';
import { programs } from '../index';

const own = { type: 'file', mode: 0o644, uid: 1000, gid: 1000 } as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const files = {
  '/work/f.yaml': { ...own, data: bytes('kind: Pod\nname: one\nimage: one\n') },
  '/work/locked': { type: 'file' as const, mode: 0o644, data: bytes('x\n') },
};
const plain = (text: string) => text.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll('\r', '');

/** Opens a file, types pieces one after the other; gives what was drawn after the last. */
async function edit(pieces: string[], command = 'nano f.yaml') {
  const s = await session({ programs, files });
  let screen = await s.type(`${command}\r`);
  for (const piece of pieces) screen = await s.type(piece);
  return { screen: plain(screen), text: s.machine.text('/work/f.yaml'), session: s };
}

test('the screen has a title, the text, a message and two rows of shortcuts', async () => {
  const { screen } = await edit([]);
  const rows = screen.split('\n').slice(-24);
  expect(rows[0]).toMatch(/ {2}GNU nano 5\.6\.1 {20,}f\.yaml\s*$/);
  expect(rows.slice(1, 4)).toEqual(['kind: Pod', 'name: one', 'image: one']);
  expect(rows[21]).toBe(`${' '.repeat(32)}[ Read 3 lines ]`);
  expect(rows[22]).toBe('^G Help      ^O Write Out ^W Where Is  ^K Cut       ^T Execute   ^C Location');
  expect(rows[23]).toBe('^X Exit      ^R Read File ^\\ Replace   ^U Paste     ^J Justify   ^_ Go To Line');
});

test.each<[string, string[], string]>([
  ['what is typed is written by ^O', ['a: b\r', '\x0f', '\r'], 'a: b\nkind: Pod\nname: one\nimage: one\n'],
  ['^X asks, y and Enter save', ['# ', '\x18', 'y', '\r'], '# kind: Pod\nname: one\nimage: one\n'],
  ['^X, n leaves it as it was', ['# ', '\x18', 'n'], 'kind: Pod\nname: one\nimage: one\n'],
  ['^S', ['\x1b[B\x1b[F!', '\x13'], 'kind: Pod\nname: one!\nimage: one\n'],
  ['^K twice and ^U', ['\x0b\x0b', '\x1b[B', '\x15', '\x13'], 'image: one\nkind: Pod\nname: one\n'],
  ['M-6 copies', ['\x1b6', '\x15', '\x13'], 'kind: Pod\nkind: Pod\nname: one\nimage: one\n'],
  ['the mark', ['\x1ba\x1b[C\x1b[C\x0b', '\x05\x15', '\x13'], 'nd: Podki\nname: one\nimage: one\n'],
  ['^W', ['\x17', 'image\r', 'X', '\x13'], 'kind: Pod\nname: one\nXimage: one\n'],
  ['^\\ and All', ['\x1c', 'one\r', 'two\r', 'a', '\x13'], 'kind: Pod\nname: two\nimage: two\n'],
  ['^\\ with No and Yes', ['\x1c', 'one\r', 'two\r', 'n', 'y', '\x13'], 'kind: Pod\nname: one\nimage: two\n'],
  ['^_', ['\x1f', '2,7\r', 'X', '\x13'], 'kind: Pod\nname: Xone\nimage: one\n'],
  ['undo and redo', ['abc', '\x1bu', '\x1be', '\x1bu', '\x13'], 'kind: Pod\nname: one\nimage: one\n'],
  ['backspace joins lines', ['\x1b[B\x7f', '\x13'], 'kind: Podname: one\nimage: one\n'],
  ['^R', ['\x1b/', '\x12', 'locked\r', '\x13'], 'kind: Pod\nname: one\nimage: one\nx\n'],
])('%s', async (_, keys, text) => {
  expect((await edit(keys)).text).toBe(text);
});

test.each<[string, string[], string, string?]>([
  ['^C', ['\x1b[B', '\x03'], '[ line 2/4 (50%), col  1/10 ( 10%), char 10/31 (32%) ]'],
  ['not found', ['\x17', 'zzz\r'], '[ "zzz" not found ]'],
  ['the only one', ['\x17', 'kind\r'], '[ This is the only occurrence ]'],
  ['the question of ^X', ['x', '\x18'], 'Save modified buffer? '],
  ['a question that is taken back', ['x', '\x18', '\x03'], '[ Cancelled ]'],
  ['the name', ['\x0f'], 'File Name to Write: f.yaml'],
  ['a file of that name', ['\x0f', '\x15locked\r'], 'File "locked" exists; OVERWRITE?'],
  ['another name', ['\x0f', '2\r'], 'Save file under DIFFERENT NAME? '],
  ['undo', ['x', '\x1bu'], '[ Undid addition ]'],
  ['not writable', [], "[ File 'locked' is unwritable ]", 'nano locked'],
  ['cannot write', ['x', '\x0f', '\r'], '[ Error writing locked: Permission denied ]', 'nano locked'],
  ['a new file', [], '[ New File ]', 'nano new'],
  ['no name', [], '[ Welcome to nano.  For basic help, type Ctrl+G. ]', 'nano'],
  ['a folder', [], '[ "/etc" is a directory ]', 'nano /etc'],
  ['no folder', [], "[ Directory 'no' does not exist ]", 'nano no/file'],
  ['help', ['\x07'], 'Main nano help text'],
  ['what is not there', ['\x14'], '[ not supported: Execute ]'],
  ['a bad option', [], "nano: invalid option -- 'k'\nType 'nano -h' for a list of available options.\n", 'nano -k'],
  ['no terminal', [], 'Standard input is not a terminal\n', 'echo | nano'],
])('message: %s', async (_, keys, message, command) => {
  expect((await edit(keys, command)).screen).toContain(message);
});

test('a line and column on the command line; the shell is back afterwards', async () => {
  const { session: s, text } = await edit(['X', '\x18', 'y', '\r'], 'nano +3,8 f.yaml');
  expect(text).toBe('kind: Pod\nname: one\nimage: Xone\n');
  expect(plain(await s.type('echo back\r'))).toContain('\nback\n$ ');
});
