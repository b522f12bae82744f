// The tree of an awk program.

export type Expr =
  | { t: 'number'; value: number }
  | { t: 'string'; value: string }
  | { t: 'regex'; source: string }
  | { t: 'group'; body: Expr }
  | { t: 'grouping'; list: Expr[] }
  | { t: 'name'; name: string; local: number | undefined }
  | { t: 'element'; array: Name; index: Expr[] }
  | { t: 'field'; index: Expr }
  | { t: 'assign'; op: string; target: Expr; value: Expr }
  | { t: 'step'; by: 1 | -1; isPrefix: boolean; target: Expr }
  | { t: 'unary'; op: '!' | '-' | '+'; body: Expr }
  | { t: 'binary'; op: string; left: Expr; right: Expr }
  | { t: 'concat'; left: Expr; right: Expr }
  | { t: 'and' | 'or'; left: Expr; right: Expr }
  | { t: 'choice'; condition: Expr; yes: Expr; no: Expr }
  | { t: 'match'; isNot: boolean; left: Expr; right: Expr }
  | { t: 'in'; index: Expr[]; array: Name }
  | { t: 'call'; name: string; args: Expr[]; at: number }
  | { t: 'builtin'; name: string; args: Expr[] }
  | { t: 'getline'; from: 'main' | 'file' | 'command'; source: Expr | undefined; target: Expr | undefined };

export type Name = Expr & { t: 'name' };

export type Statement =
  | { t: 'block'; body: Statement[] }
  | { t: 'expression'; body: Expr }
  | { t: 'print' | 'printf'; args: Expr[]; redirect: { to: '>' | '>>' | '|'; target: Expr } | undefined }
  | { t: 'if'; condition: Expr; yes: Statement; no: Statement | undefined }
  | { t: 'while'; condition: Expr; body: Statement }
  | { t: 'do'; condition: Expr; body: Statement }
  | {
      t: 'for';
      start: Statement | undefined;
      condition: Expr | undefined;
      step: Statement | undefined;
      body: Statement;
    }
  | { t: 'each'; variable: Name; array: Name; body: Statement }
  | { t: 'switch'; value: Expr; cases: { match: Expr | undefined; body: Statement[] }[] }
  | { t: 'delete'; array: Name; index: Expr[] | undefined }
  | { t: 'break' | 'continue' | 'next' | 'nextfile' }
  | { t: 'exit' | 'return'; value: Expr | undefined };

export interface Rule {
  kind: 'begin' | 'end' | 'rule';
  pattern: Expr | undefined;
  /** The end of a range. */
  until: Expr | undefined;
  /** Undefined: print the record. */
  body: Statement[] | undefined;
}

export interface Routine {
  name: string;
  parameters: string[];
  body: Statement[];
}

export interface AwkProgram {
  rules: Rule[];
  functions: Map<string, Routine>;
}
