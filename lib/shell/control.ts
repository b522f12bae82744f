// What unwinds the shell's own stack: loops, functions, the whole shell.

/** `break n` and `continue n`. */
export class LoopControl extends Error {
  constructor(
    readonly kind: 'break' | 'continue',
    public levels: number,
    /** Of the loop that it ends. */
    readonly status = 0,
  ) {
    super(kind);
  }
}

/** `return`. */
export class Return extends Error {
  constructor(readonly status: number) {
    super('return');
  }
}

/** `exit`, errexit, or a fatal error of a script. */
export class ExitShell extends Error {
  constructor(readonly status: number) {
    super('exit');
  }
}

/** Ctrl-C at an interactive shell, or a foreground job that died of it: back to the prompt. */
export class Interrupted extends Error {
  constructor(readonly status = 130) {
    super('interrupted');
  }
}

/** A failed expansion: ends a script; at a prompt, only the line. The message has been printed or is empty. */
export class ShellError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

/** A failed expansion that ends the line it stands on, not the script (bash' DISCARD). */
export class Discard extends ShellError {}

/** `[[ … ]]` that cannot be evaluated: its status is 2. */
export class BadCondition extends Error {}

/** A value that is too large: bash cannot go on. */
export class OutOfMemory extends Error {
  constructor(characters: number) {
    super(`xrealloc: cannot allocate ${characters} bytes`);
  }
}
