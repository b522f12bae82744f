// The parser: just-bash's, loaded when the first shell starts (docs/decisions/shell-parser.md).
import type { parse as Parse, serialize as Serialize } from 'just-bash';
import { arrange } from './arrange';
import type { CommandNode, ScriptNode, WordNode } from './ast';
import { SyntaxProblem } from './problem';

let loaded: typeof Parse | undefined;
let serialize: typeof Serialize | undefined;

/** Loads the parser; resolves at once when it is there. */
export async function loadParser(): Promise<void> {
  if (!loaded) ({ parse: loaded, serialize } = await import('just-bash'));
}

export const parserIsLoaded = (): boolean => loaded !== undefined;

const CACHE_ENTRIES = 500; // texts: what a loop evaluates again and again
const cache = new Map<string, ScriptNode>();

/** Parses what `scan` found complete. Throws SyntaxProblem. */
export function parseScript(text: string, firstLine = 1): ScriptNode {
  const key = `${firstLine}:${text}`;
  const known = cache.get(key);
  if (known) return known;
  const script = arrange(parseRaw(text), firstLine - 1);
  if (cache.size >= CACHE_ENTRIES) cache.delete(cache.keys().next().value as string);
  cache.set(key, script);
  return script;
}

/** Parses a text as the inside of double quotes: for arithmetic, here-documents and prompts. */
export function parseQuoted(text: string): WordNode {
  const script = parseScript(`: "${text}"`);
  const command = script.statements[0]?.pipelines[0]?.commands[0];
  const word = command?.type === 'SimpleCommand' ? command.args[0] : undefined;
  return word ?? { type: 'Word', parts: [] };
}

/** A command as text again, with what the scanner rewrote. */
export function serialized(command: CommandNode): string {
  const pipeline = { type: 'Pipeline' as const, commands: [command], negated: false };
  const statement = { type: 'Statement' as const, pipelines: [pipeline], operators: [], background: false };
  return serialize?.({ type: 'Script', statements: [statement] }) ?? '';
}

function parseRaw(text: string): ScriptNode {
  if (!loaded) throw new Error('the parser is not loaded');
  try {
    const script = loaded(text);
    for (const { deferredError } of script.statements)
      if (deferredError) throw new SyntaxProblem(deferredError.token, 1);
    return script;
  } catch (error) {
    throw problem(error);
  }
}

interface LibraryError {
  message: string;
  line?: number;
  token?: { type: string; value: string };
}

function problem(error: unknown): unknown {
  if (error instanceof SyntaxProblem || !(error instanceof Error)) return error;
  const { message, line = 1, token } = error as Error & LibraryError;
  const named = /near unexpected token `([\s\S]*?)'/.exec(message)?.[1];
  if (token?.type === 'EOF' && !named) return new SyntaxProblem('\n', line);
  return new SyntaxProblem(token?.value ?? named ?? '\n', line);
}
