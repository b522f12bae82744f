// node-pty is installed from a package that has it prebuilt, whose types are declared under that package's own name.
/// <reference types="node-pty" />
declare module 'node-pty' {
  export * from '@lydell/node-pty';
}
