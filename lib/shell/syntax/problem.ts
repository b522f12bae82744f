// What is thrown for a text that is not bash.

/** The token of a `for ((` in shells that have no such loop. */
export const BAD_FOR = 'bad for loop variable';

/** `token` is what bash would name. */
export class SyntaxProblem extends Error {
  constructor(
    readonly token: string | undefined,
    /** 1 for the first line of the text. */
    readonly line: number,
    message = `syntax error near unexpected token \`${token === '\n' || !token ? 'newline' : token}'`,
  ) {
    super(message);
  }
}

/** What is wrong in a `[[ … ]]`. Bash drops the line with one sentence or none, and a script ends as if nothing had happened. */
export class ConditionProblem extends SyntaxProblem {
  constructor(
    message: string,
    line: number,
    readonly at: number,
  ) {
    super(undefined, line, message);
  }
}
