// Tab completion of a program's own words: a program that can complete says so here, and shells ask it.
import type { Process } from './process';

/** What stands on the line when Tab is pressed. */
interface CompletionRequest {
  /** The shell's process: its files, environment, directory and network. */
  proc: Process;
  /** The command's words up to the cursor, the command's name first; the last is the one to complete, maybe empty. */
  words: string[];
}

/** Gives the whole words that the last word may become. One that ends in `=`, `/` or `:` gets no blank after it. */
export type Completer = (request: CompletionRequest) => Promise<string[]>;

/** Completers by command name: `new Map([['oc', completeOc], ['kubectl', completeOc]])`, handed to `new Machine({ completers })`. */
export type Completers = ReadonlyMap<string, Completer>;
