// What Mike Farah's yq (v4.35.2) answers, recorded; and what it may hold.
import { expect, test } from 'vitest';
import { runBash } from '../../shell/testing/run';
import { programs } from '../index';
import recorded from '../testing/yq-answers.json';

const setup = Object.entries(recorded.files)
  .map(([name, text]) => `cat > ${name} <<'EOF'\n${text}EOF\n`)
  .join('');

test.each(recorded.answers)('$command', async ({ command, output, status }) => {
  const ours = await runBash(`${setup}{ ${command}\n} < /dev/null 2>&1`, { programs });
  expect({ output: ours.stdout, status: ours.code }).toEqual({ output, status });
});

const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefgh'].map(
    (name, i) =>
      `${name}: &${name} [${Array.from({ length: 10 }, () => `*${String.fromCharCode(97 + i)}`).join(', ')}]`,
  ),
].join('\n');

test.each([
  ['aliases of aliases', `cat <<'EOF' | yq -o json .\n${BOMB}\nEOF`, /excessive aliasing/],
  ['an index', "yq -n '.a[999999999] = 1'", /out of memory/],
  [
    'sums that double',
    `yq -n '${Array.from({ length: 40 }, () => '.a += .a')
      .join(' | ')
      .replace(/^/, '.a = "xxxxxxxxxx" | ')}'`,
    /out of memory/,
  ],
  ['matches that double', `yq -n '${Array.from({ length: 40 }, () => '(., .)').join(' | ')}'`, /out of memory/],
])('%s is stopped', async (_, command, message) => {
  const { stdout } = await runBash(`{ ${command}\n} 2>&1`, { programs });
  expect(stdout).toMatch(message);
});
