// The package's types cover its main entry only; the module file is the one that every loader here takes.
declare module 'fast-json-patch/index.mjs' {
  export { applyPatch, type Operation } from 'fast-json-patch';
}
