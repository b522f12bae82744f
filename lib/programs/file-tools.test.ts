// dd, install, file and the other small tools, as the real ones answer.
import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';

const rows: [script: string, stdout: string, code?: number, stderr?: string | RegExp][] = [
  ['seq 3 | dd bs=2 count=2 status=none', '1\n2\n'],
  ['seq 3 >a; dd if=a of=b bs=4 2>/dev/null; cat b', '1\n2\n3\n'],
  ['dd if=/dev/zero of=z bs=1k count=3 status=noxfer; stat -c %s z', '3072\n', 0, '3+0 records in\n3+0 records out\n'],
  ['printf abc | dd bs=2', 'abc', 0, /^1\+1 records in\n1\+1 records out\n3 bytes copied, /],
  ['dd if=/dev/zero of=/dev/null bs=1M count=100', '', 0, /\n104857600 bytes \(105 MB, 100 MiB\) copied, /],
  ['printf abcdef >f; printf XY | dd of=f bs=1 seek=2 conv=notrunc status=none; cat f', 'abXYef'],
  ['printf abcdef >f; printf XY | dd of=f bs=1 seek=2 status=none; cat f', 'abXY'],
  ['printf abcdef | dd bs=1 skip=2 count=3 conv=ucase status=none', 'CDE'],
  ['printf ab | dd bs=4 conv=sync status=none | od -An -c', '   a   b  \\0  \\0\n'],
  ['dd if=none', '', 1, "dd: failed to open 'none': No such file or directory\n"],
  ['dd foo', '', 1, "dd: unrecognized operand 'foo'\nTry 'dd --help' for more information.\n"],
  ['dd bs=x', '', 1, "dd: invalid number: 'x'\n"],
  ['dd conv=x', '', 1, "dd: invalid conversion: 'x'\nTry 'dd --help' for more information.\n"],
  ['echo hi >a; install -m 600 a b; stat -c %a b; install -d c/d; ls c; install -D a e/f; cat e/f', '600\nd\nhi\n'],
  [
    'install a',
    '',
    1,
    "install: missing destination file operand after 'a'\nTry 'install --help' for more information.\n",
  ],
  ['touch a; unlink a; ls; unlink a', '', 1, "unlink: cannot unlink 'a': No such file or directory\n"],
  [
    'touch a b c; printf "y\\nn\\ny\\n" | rm -i a b c 2>/dev/null; ls; printf "n\\ny\\n" | rm -i b; printf "n\\ny\\n" | find . -name "[b-d]" -ok echo {} \\;; touch d; printf "n\\ny\\n" | find b d -ok echo {} \\; 2>/dev/null',
    'b\nd\n',
    0,
    "rm: remove regular empty file 'b'? < echo ... ./b > ? ",
  ],
  ['sync; sync nope', '', 1, "sync: error opening 'nope': No such file or directory\n"],
  ['factor 60 97 1; factor x', '60: 2 2 3 5\n97: 97\n1:\n', 1, "factor: 'x' is not a valid positive integer\n"],
  [
    'printf "a\\n" >t; printf "#!/bin/bash\\n" >s; printf "{}" >j; : >e; mkdir d; ln -s t l; ln -s no m; file t s j e d l m x',
    "t: ASCII text\ns: Bourne-Again shell script, ASCII text executable\nj: JSON data\ne: empty\nd: directory\nl: symbolic link to t\nm: broken symbolic link to no\nx: cannot open `x' (No such file or directory)\n",
  ],
  ["export A=1 B=2; echo '$A ${B} $C $$' | envsubst; echo '$A $B' | envsubst '$A'", '1 2  $$\n1 $B\n'],
  ["envsubst -v 'x $A ${B}'", 'A\nB\n'],
  [
    'getconf PAGESIZE; getconf _NPROCESSORS_ONLN; getconf NAME_MAX /; getconf NONE',
    '4096\n4\n255\n',
    2,
    "getconf: Unrecognized variable `NONE'\n",
  ],
  ['uuidgen | grep -cE "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"', '1\n'],
  [
    'LANG=en_US.UTF-8 LC_TIME=C locale | grep -E "LANG|TIME|CTYPE|ALL"',
    'LANG=en_US.UTF-8\nLC_CTYPE="en_US.UTF-8"\nLC_TIME=C\nLC_ALL=\n',
  ],
  ['nice; nice -n 5 echo a; nice -5 echo b; nice nope', '0\na\nb\n', 127, "nice: 'nope': No such file or directory\n"],
  ['setsid echo a; sleep 99 & killall sleep; wait; killall none', 'a\n', 1, /none: no process found\n/],
  [
    'numfmt --to=iec 1024 1500 99999 1000000; numfmt --to=si 1500; numfmt --from=iec 2K; echo "a 2048" | numfmt --field=2 --to=iec',
    '1.0K\n1.5K\n98K\n977K\n1.5K\n2048\na 2.0K\n',
  ],
  ['numfmt 1K', '', 2, "numfmt: rejecting suffix in input: '1K' (consider using --from)\n"],
];

test.each(rows)('%s', async (script, stdout, code = 0, stderr = '') => {
  const result = await runBash(script, { programs });
  expect(result.stdout).toBe(stdout);
  if (typeof stderr === 'string') expect(result.stderr).toBe(stderr);
  else expect(result.stderr).toMatch(stderr);
  expect(result.code).toBe(code);
});
