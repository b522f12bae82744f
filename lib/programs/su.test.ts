// su and man: what they say on a machine where nobody has a password and there are no pages.
import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';

const rows: [script: string, uid: number, output: string, status?: number][] = [
  ["su -c 'id -u'", 1000, 'Password: \nsu: Authentication failure\n', 1],
  ["su -s /usr/bin/bash -c 'id -u'; su root -s /usr/bin/bash -c 'echo $HOME'", 0, '0\n/root\n'],
  ['su nosuch', 0, 'su: user nosuch does not exist or the user entry does not contain all the required fields\n', 1],
  ['man ls; man 3 printf', 1000, 'No manual entry for ls\nNo manual entry for printf in section 3\n', 16],
  ['man', 1000, "What manual page do you want?\nFor example, try 'man man'.\n", 1],
  ['man -k pod; whatis ls; apropos', 1000, 'pod: nothing appropriate.\nls: nothing appropriate.\napropos what?\n', 1],
  ['touch "a b" c; dir; vdir c | cut -c1-10', 1000, 'a\\ b  c\n-rw-r--r--\n'],
];

test.each(rows)('%s by %i', async (script, uid, output, status = 0) => {
  const { stdout, code } = await runBash(`{ ${script}\n} 2>&1`, { programs, uid });
  expect({ stdout, code }).toEqual({ stdout: output, code: status });
});
