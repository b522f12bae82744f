// The bytes of the SQL engine, read once by the process that hosts worlds: beside its bundle, or from the package.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { provideSqlWasm } from '../../programs/sql/engine';

/** Call before a world's first database starts. */
export function loadSqlWasm(): void {
  const beside = new URL('sql-wasm.wasm', import.meta.url);
  const path = existsSync(beside) ? beside : createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  provideSqlWasm(readFileSync(path));
}
