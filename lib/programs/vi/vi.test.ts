import { expect, test } from 'vitest';
import { session } from '../../shell/testing/session';
import { programs } from '../index';

const rows: [keys: string[], text: string][] = [
  [['ihello\nworld', '\x1b', ':wq\r'], 'hello\nworld\n'],
  [['ione two three', '\x1b', '0dw', ':x\r'], 'two three\n'],
  [['ia\nb\nc', '\x1b', 'ggdd', 'p', ':wq\r'], 'b\na\nc\n'],
  [['ikind: Pod\nname: x', '\x1b', ':%s/x/web/\r', ':wq\r'], 'kind: Pod\nname: web\n'],
  [['iabc', '\x1b', 'x', 'u', ':wq\r'], 'abc\n'],
  [['ione\ntwo', '\x1b', 'gg', '/two\r', 'cwthree', '\x1b', ':wq\r'], 'one\nthree\n'],
];

test.each(rows)('%j', async (keys, text) => {
  const s = await session({ programs });
  await s.type('vi f\r');
  for (const piece of keys) await s.type(piece.replaceAll('\n', '\r'));
  expect(s.machine.text('/work/f')).toBe(text);
});
