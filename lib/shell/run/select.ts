// `select`: a numbered menu on standard error, an answer from standard input.

import { readLine } from '../builtins/read-line';
import type { Shell } from '../shell';
import { once } from './loop';

export async function runSelect(
  shell: Shell,
  variable: string,
  words: string[],
  body: () => Promise<number>,
): Promise<number> {
  const width = String(words.length).length;
  const menu = words.map((word, i) => `${String(i + 1).padStart(width)}) ${word}\n`).join('');
  let status = 0;
  for (let show = true; words.length > 0; ) {
    await shell.proc.complain(`${show ? menu : ''}${shell.vars.get('PS3') ?? '#? '}`);
    const { text, ended } = await readLine(shell, { fd: 0, delimiter: '\n' });
    if (ended && text === '') {
      await shell.proc.print('\n');
      return status === 0 ? 1 : status;
    }
    show = text.trim() === '';
    if (show) continue;
    shell.vars.set('REPLY', text);
    shell.vars.set(variable, words[Number(text.trim()) - 1] ?? '');
    const goOn = await once(shell, async () => {
      status = await body();
    });
    if (!goOn) return shell.status;
  }
  return status;
}
