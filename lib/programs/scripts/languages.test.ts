import { expect, test } from 'vitest';
import { host, smallNetwork } from '../../machine/testing/host';
import { programs } from '../index';
import { run } from '../testing/mysql';

test.each<[string[], string, string, number]>([
  [['python3'], '', '', 0],
  [['python3', '--version'], '', 'Python 3.9.25\n', 0],
  [['python3', '-c', 'print("x", 1 + 2, 2 * 3)'], '', 'x 3 6\n', 0],
  [['python3', '-c', 'import os; print("hi " + os.environ["WHO"])'], '', 'hi me\n', 0],
  [['python3', '-c', 'import socket\nprint(socket.gethostname())'], '', 'app\n', 0],
  [['python3', '-c', 'import sys; sys.exit(3)'], '', '', 3],
  [['python3'], 'print("from input")\n', 'from input\n', 0],
  [['python3', '/none.py'], '', "python3: can't open file '/none.py': [Errno 2] No such file or directory\n", 2],
  [['node'], '', '', 0],
  [['node', '-e', 'console.log(1)'], '', '1\n', 0],
  [['node', '-p', 'process.env.WHO'], '', 'me\n', 0],
  [['ruby', '-e', 'puts "x"'], '', 'x\n', 0],
  [['php', '-r', 'echo "a" . "b\\n";'], '', 'ab\n', 0],
  [['go', 'version'], '', 'go version go1.23.3 linux/amd64\n', 0],
])('%j with input %j', async (argv, input, out, code) => {
  const world = smallNetwork();
  const machine = host(world, 'app', '192.168.50.22', Object.fromEntries(programs));
  const answer = await run(world, machine, argv, input, { WHO: 'me', PYTHON_VERSION: '3.9.25' });
  expect(answer).toMatchObject({ code });
  expect(answer.out + answer.err).toBe(out);
});

test('what is not supported is named, and nothing before it is run', async () => {
  const world = smallNetwork();
  const machine = host(world, 'app', '192.168.50.22', Object.fromEntries(programs));
  const answer = await run(world, machine, ['python3', '-c', 'print(1)\nfor i in x: pass']);
  expect(answer).toMatchObject({ code: 1, out: '', err: expect.stringContaining('not supported: for i in x: pass') });
});
