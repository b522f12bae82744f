// Options of our own commands: node's parser, with our way of complaining.
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Ends a command with a sentence. */
export class UsageError extends Error {}

/** Parses; `--help` prints the usage, a wrong option too and exits with 2. */
export function parse<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  if ((config.args ?? process.argv.slice(2)).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

/** Runs a command: a UsageError or a broken lab is printed alone, anything else is a bug with its stack. */
export async function main(run: () => Promise<number>): Promise<void> {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1)); // `| head`
  try {
    process.exitCode = await run();
  } catch (error) {
    const expected = error instanceof UsageError || (error instanceof Error && error.constructor.name === 'LabError');
    console.error(expected ? (error as Error).message : error);
    process.exitCode = 1;
  }
}

export function seedOf(text: string | undefined): number {
  const seed = Number(text ?? 1);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new UsageError(`--seed takes a whole number, not ${text}`);
  return seed;
}

/** A whole number from zero on. */
export function whole(text: string, option: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 0) throw new UsageError(`${option} takes a whole number, not ${text}`);
  return n;
}

/** One of the values that an option takes; the first one when nothing is said. */
export function oneOf<T extends string>(text: string | undefined, values: readonly [T, ...T[]], option: string): T {
  const found = text === undefined ? values[0] : values.find((value) => value === text);
  if (!found) throw new UsageError(`${option} is one of ${values.join(', ')}, not ${text}`);
  return found;
}
