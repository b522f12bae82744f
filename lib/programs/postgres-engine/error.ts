// An error as PostgreSQL reports it: SQLSTATE, message, and the fields that clients print below it.

export interface ErrorFields {
  detail?: string;
  hint?: string;
  /** Byte in the statement's text, as the parser counts; becomes `LINE 1: …` with a caret in psql. */
  at?: number | undefined;
  severity?: 'ERROR' | 'FATAL' | 'NOTICE' | 'WARNING';
}

export class PgError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: ErrorFields = {},
  ) {
    super(message);
  }
}

export const unsupported = (what: string): PgError => new PgError('0A000', `not supported: ${what}`);

export const undefinedTable = (name: string, at?: number): PgError =>
  new PgError('42P01', `relation "${name}" does not exist`, { at });

export const undefinedColumn = (name: string, at?: number): PgError =>
  new PgError('42703', `column ${name} does not exist`, { at });

export const invalidText = (type: string, text: string, at?: number): PgError =>
  new PgError(
    type === 'date' || type.startsWith('time') || type === 'interval' ? '22007' : '22P02',
    `invalid input syntax for type ${type}: "${text}"`,
    { at },
  );

export const outOfRange = (type: string): PgError => new PgError('22003', `${type} out of range`);
