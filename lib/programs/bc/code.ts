// What bc's parser makes and its machine runs. Places are counted in the bytes that GNU bc's own code takes, for its messages name them.

export interface Step {
  op: string;
  /** A variable, function, string, number or operator. */
  text: string;
  /** Where to go on, for jumps; how many arguments, for calls. */
  target: number;
  bytes: number;
  /** Of the arguments of a call, which are arrays. */
  arrays?: (string | undefined)[];
}

export interface Parameter {
  name: string;
  isArray: boolean;
  /** `*a[]`: the caller's own array. */
  isShared: boolean;
}

export interface Func {
  name: string;
  parameters: Parameter[];
  autos: Parameter[];
  isVoid: boolean;
  steps: Step[];
}

/** Names that are not the user's. */
export const REGISTERS = new Set(['ibase', 'obase', 'scale', 'last']);
