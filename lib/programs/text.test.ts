import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';

const rows: [script: string, stdout: string, code?: number, stderr?: string][] = [
  ['seq 5 | grep -v 3 | sed "s/^/x/;2d" | tr x y | head -2', 'y1\ny4\n'],
  ["printf 'ab1 ab2\\n' | grep -o 'ab.'", 'ab1\nab2\n'],
  ['echo "b a" | cut -d" " -f2; printf "b\\na\\nb\\n" | sort -u | uniq -c', 'a\n      1 a\n      1 b\n'],
  ['ls /nope', '', 2, "ls: cannot access '/nope': No such file or directory\n"],
  ['rm nope', '', 1, "rm: cannot remove 'nope': No such file or directory\n"],
  ['mkdir x/y', '', 1, "mkdir: cannot create directory 'x/y': No such file or directory\n"],
  ['timeout 2 sleep 10; echo $?', '124\n'],
  ['sleep 5 & wait; echo done; exit 3', 'done\n', 3],
  ['seq 3 | sed "\\$d"; echo hello | sed -E "s/(h)(e)/\\2\\1/"', '1\n2\nehllo\n'],
  ['echo a b | xargs -n1 echo x', 'x a\nx b\n'],
  ["printf '1\\n2\\n' | xargs -L1 -I '{}' echo a -i {}", 'a -i 1\na -i 2\n'],
  ['env -i A=1 env', 'A=1\n'],
  ['printf "a\\nb\\nc\\n" >x; printf "a\\nc\\nd\\n" >y; diff x y', '2d1\n< b\n3a3\n> d\n', 1],
  ['mkdir d; echo hi >d/x; tar cf - d | (mkdir o; tar -xmf - -C o); cat o/d/x', 'hi\n'],
  ['seq 4 | paste - -; seq 3 | paste -sd,', '1\t2\n3\t4\n1,2,3\n'],
  ['seq 3 | awk "{s+=\\$1} END {print s}"; echo "{\\"a\\":[1,2]}" | jq ".a|length"', '6\n2\n'],
  ['mkdir -p d/e; touch d/e/f d/g; find d -name "[fg]" -o -type d', 'd\nd/e\nd/e/f\nd/g\n'],
  ['echo hi | base64; echo aGkK | base64 -d; echo hi | md5sum', 'aGkK\nhi\n764efa883dda1e11db47671c4a3bbd9e  -\n'],
  ['echo a mtu 1400 b | grep -o "mtu [0-9]*"; echo aXbX | grep -on X', 'mtu 1400\n1:X\n1:X\n'],
  [
    "printf 'a\\n\\377' | od -An -tx1; printf abcdefgh | od -t x4 -A d",
    ' 61 0a ff\n0000000 64636261 68676665\n0000008\n',
  ],
  ["printf 'a\\tb' | od -c; printf abcd | od", '0000000   a  \\t   b\n0000003\n0000000 061141 062143\n0000004\n'],
  ["expr a : 'b'; expr abc : 'a\\(.\\)c'; expr 1 + 2 '*' 3; expr length abc", '0\nb\n7\n3\n'],
  ['expr 5 / 0', '', 2, 'expr: division by zero\n'],
  ['expr 1 +', '', 2, "expr: syntax error: missing argument after '+'\n"],
  [
    'grep --version; tar --version; jq --version; awk --version | cut -d, -f1; ls --version; find --version',
    'grep (GNU grep) 3.6\ntar (GNU tar) 1.34\njq-1.6\nGNU Awk 5.1.0\nls (GNU coreutils) 8.32\nfind (GNU findutils) 4.8.0\n',
  ],
  [
    'sleep --help; mkdir --help | grep parents',
    'Usage: sleep [OPTION]... NUMBER[SUFFIX]...\n\nOptions:\n      --help\n      --version\n  -p, --parents\n',
  ],
  ['tar --foo', '', 64, "tar: unrecognized option '--foo'\nTry 'tar --help' or 'tar --usage' for more information.\n"],
  ['whoami x', '', 1, "whoami: extra operand 'x'\nTry 'whoami --help' for more information.\n"],
  ['diff a', '', 2, "diff: missing operand after 'a'\ndiff: Try 'diff --help' for more information.\n"],
  ['pgrep', '', 2, "pgrep: no matching criteria specified\nTry `pgrep --help' for more information.\n"],
  ['xargs -n x', '', 1, 'xargs: invalid number "x" for -n option\nTry \'xargs --help\' for more information.\n'],
  ['grep -A x y', '', 2, 'grep: x: invalid context length argument\n'],
  ['cut -c 0', '', 1, "cut: byte/character positions are numbered from 1\nTry 'cut --help' for more information.\n"],
  ['nl --bar', '', 1, "nl: unrecognized option '--bar'\nTry 'nl --help' for more information.\n"],
  [
    "printf 'ab\\0hello\\001wide world\\n' | strings; printf abc >f; truncate -s 5 f; truncate -s -3 f; od -An -c f",
    'hello\nwide world\n   a   b\n',
  ],
  ['w -h; logname', '', 1, 'logname: no login name\n'],
  ['yes | head -c 1000000 | wc -c', '1000000\n'],
];

test.each(rows)('%s', async (script, stdout, code = 0, stderr = '') => {
  expect(await runBash(script, { programs })).toEqual({ stdout, code, stderr });
});
