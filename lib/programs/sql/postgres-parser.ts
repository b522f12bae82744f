// PostgreSQL's own parser (libpg-query, in WebAssembly): trees and syntax errors exactly as the server's.
import createModule from 'libpg-query/wasm/libpg-query.js';

// biome-ignore lint/suspicious/noExplicitAny: a node of PostgreSQL's tree, `{ SelectStmt: { … } }`, walked by its tag
export type Tree = any;

/** One statement with its place in the text, in bytes of UTF-8. */
export interface Parsed {
  stmt: Tree;
  start: number;
  end: number;
}

/** A syntax error; `position` counts characters from 1. */
export class SyntaxFailure extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

interface Module {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _wasm_parse_query_raw(text: number): number;
  _wasm_free_parse_result(result: number): void;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, room: number): void;
  UTF8ToString(pointer: number): string;
  getValue(pointer: number, type: 'i32'): number;
}

let bytes: (() => Uint8Array) | undefined;
let module: Module | undefined;

/** Hands in what gives the bytes of `libpg-query/wasm/libpg-query.wasm`; they are asked for when the first server starts. */
export function provideParserWasm(read: () => Uint8Array): void {
  bytes = read;
}

/** Loads the parser; call it inside `clock.busy`. */
export async function loadParser(): Promise<void> {
  if (!bytes) throw new Error('no parser: provideParserWasm was not called');
  const wasm = bytes as () => Uint8Array<ArrayBuffer>;
  module ??= (await createModule({
    instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
      void WebAssembly.instantiate(wasm(), imports).then(({ instance }) => done(instance));
      return {};
    },
  })) as Module;
}

/** The statements of a text. Throws SyntaxFailure. */
export function parseSql(sql: string): Parsed[] {
  if (!module) throw new Error('the parser is not loaded');
  const room = module.lengthBytesUTF8(sql) + 1;
  const text = module._malloc(room);
  module.stringToUTF8(sql, text, room);
  const result = module._wasm_parse_query_raw(text);
  try {
    const failure = module.getValue(result + 8, 'i32');
    if (failure) {
      const message = module.UTF8ToString(module.getValue(failure, 'i32'));
      throw new SyntaxFailure(message, characters(sql, module.getValue(failure + 16, 'i32') - 1) + 1);
    }
    const tree = JSON.parse(module.UTF8ToString(module.getValue(result, 'i32'))) as Tree;
    return (tree.stmts ?? []).map((raw: Tree) => ({
      stmt: raw.stmt,
      start: raw.stmt_location ?? 0,
      end: raw.stmt_len ? (raw.stmt_location ?? 0) + raw.stmt_len : room - 1,
    }));
  } finally {
    module._free(text);
    module._wasm_free_parse_result(result);
  }
}

/** Bytes of UTF-8 as characters. */
export const characters = (sql: string, byteCount: number): number =>
  [...Buffer.from(sql, 'utf8').subarray(0, byteCount).toString('utf8')].length;
