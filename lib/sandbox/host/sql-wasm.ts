// The bytes of the SQL engine and of PostgreSQL's parser, read by the process that hosts worlds: beside its bundle, or from
// the packages.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { provideSqlWasm } from '../../programs/sql/engine';
import { provideParserWasm } from '../../programs/sql/postgres-parser';

function read(name: string, inPackage: string): Uint8Array {
  const beside = new URL(name, import.meta.url);
  return readFileSync(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(inPackage));
}

/** Call before a world's first database starts. */
export function loadSqlWasm(): void {
  provideSqlWasm(read('sql-wasm.wasm', 'sql.js/dist/sql-wasm.wasm'));
  provideParserWasm(() => read('libpg-query.wasm', 'libpg-query/wasm/libpg-query.wasm'));
}
