// The instructions of a lab, as far as the product understands them: steps, the checks they lead to, commands to run, questions.
//   ## Heading                 a step
//   [check]: # (database)      ties the step to a check; invisible in every Markdown renderer
//   ```                        commands for the terminal (also ```sh, ```bash); each line is typed
//   ```sh fails                commands that are meant to end with an error
//   ```output                  what is seen, not to be typed
//   ```question node           a question; its text is in the fence
import type { Problem } from './complaints';

interface Step {
  title: string;
  /** Of its heading, from 1. */
  line: number;
  checks: { id: string; line: number }[];
}

/** A fence of commands. */
export interface Commands {
  text: string;
  /** Of its first command, from 1. */
  line: number;
  /** They are meant to end with an error. */
  fails: boolean;
}

export interface Instructions {
  steps: Step[];
  commands: Commands[];
  asked: { id: string; line: number; text: string }[];
  problems: Problem[];
}

const FENCE = /^( {0,3})(`{3,}|~{3,})\s*([^`]*)$/;
const HEADING = /^##\s+(.+?)\s*#*$/;
const TIE = /^\[check\]:\s*#\s*\(([^)]*)\)\s*$/;
const COMMAND_LANGUAGES = new Set(['', 'sh', 'bash', 'console']);

/** Reads the instructions of a lab, with variables put in or not. */
export function parseInstructions(markdown: string): Instructions {
  const result: Instructions = { steps: [], commands: [], asked: [], problems: [] };
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = FENCE.exec(lines[i] as string);
    if (!fence) {
      readLine(result, lines[i] as string, i + 1);
      continue;
    }
    const end = lines.findIndex(
      (line, j) => j > i && line.trim().startsWith(fence[2] as string) && line.trim().replace(/[`~]/g, '') === '',
    );
    if (end < 0) {
      result.problems.push({ file: 'README.md', line: i + 1, column: 1, message: 'this fence is not closed' });
      break;
    }
    readFence(result, (fence[3] as string).trim(), lines.slice(i + 1, end).join('\n'), i + 2);
    i = end;
  }
  return result;
}

function readLine({ steps }: Instructions, line: string, number: number): void {
  const heading = HEADING.exec(line);
  if (heading) steps.push({ title: heading[1] as string, line: number, checks: [] });
  const ids =
    TIE.exec(line)?.[1]
      ?.split(/[\s,]+/)
      .filter(Boolean) ?? [];
  const step = steps.at(-1);
  if (step) step.checks.push(...ids.map((id) => ({ id, line: number })));
}

function readFence(result: Instructions, info: string, text: string, line: number): void {
  const [language = '', word] = info.split(/\s+/);
  if (language === 'question') result.asked.push({ id: word ?? '', line: line - 1, text });
  else if (COMMAND_LANGUAGES.has(language)) result.commands.push({ text, line, fails: word === 'fails' });
}
