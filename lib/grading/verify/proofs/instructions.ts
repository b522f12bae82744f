// Every command of the instructions runs when it is typed, in order, into a fresh workstation.
import { type Commands, parseInstructions } from '../../../labs/instructions';
import { substitute } from '../../../labs/variables';
import type { Flaw, Proof } from '../proof';
import { Typist } from '../typist';

const SEED = 1;
const SETTLE_SECONDS = 30; // a person reads between two commands, and pods start meanwhile
const INCOMPLETE = /(\\|&&|\|\|?)\s*$/;

export const instructions: Proof = {
  name: 'instructions',
  title: 'The commands of the instructions all run.',
  plan: () => ['README.md'],
  async run(bench) {
    const sandbox = await bench.open(SEED);
    const { commands } = parseInstructions(
      substitute(bench.lab.source.files['README.md'] ?? '', bench.variables(SEED)),
    );
    const typist = new Typist(sandbox);
    try {
      const flaws: Flaw[] = [];
      for (const fence of commands) flaws.push(...(await typeAll(typist, fence)));
      return flaws;
    } catch (error) {
      return [{ file: 'README.md', message: (error as Error).message }];
    } finally {
      sandbox.stop();
    }
  },
};

/** Types the lines of a fence one after the other; its last says whether it was meant to fail. */
async function typeAll(typist: Typist, { text, line, fails }: Commands): Promise<Flaw[]> {
  const flaws: Flaw[] = [];
  for (const { command, at } of linesOf(text, line)) {
    const { output, status } = await typist.type(command);
    if (status === undefined) continue; // a shell was left or entered
    const wrong = fails ? status === 0 : status !== 0;
    if (!wrong) continue;
    const how = fails ? 'was meant to fail and succeeds' : `ends with status ${status}`;
    flaws.push({ file: 'README.md', line: at, message: `\`${command.split('\n')[0]}\` ${how}:\n${output.trimEnd()}` });
  }
  await typist.wait(SETTLE_SECONDS);
  return flaws;
}

/** Lines as they are typed: those that go on are typed together, here-documents with their text. */
function linesOf(text: string, first: number): { command: string; at: number }[] {
  const typed: { command: string; at: number }[] = [];
  let end = '';
  let open = false;
  for (const [i, line] of text.split('\n').entries()) {
    const last = typed.at(-1);
    if (open && last) last.command += `\n${line}`;
    else if (line.trim() !== '') typed.push({ command: line, at: first + i });
    else continue;
    if (end) {
      if (line.trim() === end) end = '';
    } else end = /<<-?\s*['"]?(\w[\w-]*)['"]?/.exec(line)?.[1] ?? '';
    open = end !== '' || INCOMPLETE.test(line) || oddQuotes(typed.at(-1)?.command ?? '');
  }
  return typed;
}

const oddQuotes = (text: string): boolean =>
  (text
    .replace(/\\./g, '')
    .replace(/"[^"]*"/g, '')
    .match(/'/g)?.length ?? 0) %
    2 ===
  1;
