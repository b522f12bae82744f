// The module under libpg-query's own wrapper, which reads a file of the host as soon as it is imported.
declare module 'libpg-query/wasm/libpg-query.js' {
  const create: (options: object) => Promise<unknown>;
  export default create;
}
