// `echo`, as bash has it; dash always decodes escapes.
import type { Shell } from '../shell';
import { echoText } from './echo-text';

export async function echo(shell: Shell, argv: string[]): Promise<number> {
  const always = shell.dialect === 'dash' || shell.shopts.has('xpg_echo');
  await shell.proc.print(echoText(argv.slice(1), always, shell.dialect === 'dash'));
  return 0;
}
