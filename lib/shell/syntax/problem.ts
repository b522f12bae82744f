// What is thrown for a text that is not bash.

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
