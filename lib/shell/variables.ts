// The shell's variables: scalars, arrays and associative arrays, with their attributes, in the dynamic scopes of functions.

import { LIMITS } from '../machine/limits';
import { Associative } from './associative';
import { OutOfMemory } from './control';

/** One variable. Exactly one of the three values is there when it is set. */
export interface Variable {
  scalar?: string;
  /** A sparse array. */
  array?: string[];
  assoc?: Associative;
  exported?: boolean;
  readonly?: boolean;
  integer?: boolean;
  lower?: boolean;
  upper?: boolean;
  /** `declare -c`: the first letter upper case, the others lower. */
  capital?: boolean;
  nameref?: boolean;
  /** An array that was declared and never assigned. */
  unassigned?: boolean;
}

/** A readonly variable was to be changed. */
export class ReadonlyError extends Error {
  constructor(readonly variable: string) {
    super(`${variable}: readonly variable`);
  }
}

/** A variable whose value is made when it is read (`RANDOM`), and what an assignment to it does. */
export interface Dynamic {
  get: () => string | string[];
  set?: (value: string) => void;
}

const MAX_NAMEREFS = 8; // a chain that is longer is a circle

export class Variables {
  private readonly globals: Map<string, Variable>;
  private readonly scopes: Map<string, Variable>[] = [];
  readonly dynamic = new Map<string, Dynamic>();
  /** Called after a change of a variable, for those that steer the shell (`PATH`, `OPTIND`). */
  onSet: (name: string) => void = () => {};
  /** Evaluates what is assigned to an integer variable. */
  evaluate: (text: string) => string = (text) => text;

  constructor(globals: Map<string, Variable> = new Map()) {
    this.globals = globals;
  }

  /** A copy for a subshell. */
  copy(): Variables {
    const copy = new Variables(clone(this.globals));
    for (const scope of this.scopes) copy.scopes.push(clone(scope));
    return copy;
  }

  get depth(): number {
    return this.scopes.length;
  }

  push(): void {
    this.scopes.push(new Map());
  }

  pop(): void {
    this.scopes.pop();
  }

  /** The variable that a name stands for, namerefs followed. */
  find(name: string): Variable | undefined {
    const variable = this.findRaw(name);
    if (!variable?.nameref) return variable;
    const target = this.resolve(name);
    return target === name ? variable : this.findRaw(target);
  }

  /** The name at the end of a chain of namerefs. */
  resolve(name: string): string {
    let at = name;
    for (let i = 0; i < MAX_NAMEREFS; i++) {
      const variable = this.findRaw(at);
      if (!variable?.nameref || !variable.scalar) return at;
      at = variable.scalar;
    }
    return name;
  }

  findRaw(name: string): Variable | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const local = this.scopes[i]?.get(name);
      if (local) return local;
    }
    return this.globals.get(name);
  }

  /** The value as a scalar: of an array its first element. */
  get(name: string): string | undefined {
    const dynamic = this.dynamic.get(name);
    if (dynamic) {
      const value = dynamic.get();
      return typeof value === 'string' ? value : value[0];
    }
    const variable = this.find(name);
    if (!variable) return undefined;
    return variable.scalar ?? variable.array?.[0] ?? variable.assoc?.get('0');
  }

  isSet(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** The elements of an array (a scalar has one), in order. */
  values(name: string): string[] {
    const dynamic = this.dynamic.get(name)?.get();
    if (dynamic !== undefined) return typeof dynamic === 'string' ? [dynamic] : dynamic;
    const variable = this.find(name);
    if (!variable) return [];
    if (variable.array) return variable.array.filter(() => true);
    if (variable.assoc) return [...variable.assoc.values()];
    return variable.scalar === undefined ? [] : [variable.scalar];
  }

  keys(name: string): string[] {
    const dynamic = this.dynamic.get(name)?.get();
    if (dynamic !== undefined) return typeof dynamic === 'string' ? ['0'] : Object.keys(dynamic);
    const variable = this.find(name);
    if (variable?.array) return Object.keys(variable.array);
    if (variable?.assoc) return [...variable.assoc.keys()];
    return variable?.scalar === undefined ? [] : ['0'];
  }

  element(name: string, key: string | number): string | undefined {
    const dynamic = this.dynamic.get(name)?.get();
    if (dynamic !== undefined) return typeof dynamic === 'string' ? dynamic : dynamic.at(Number(key));
    const variable = this.find(name);
    if (variable?.assoc) return variable.assoc.get(String(key));
    if (variable?.array) return variable.array[index(variable.array, Number(key))];
    return Number(key) === 0 ? variable?.scalar : undefined;
  }

  isAssoc(name: string): boolean {
    return this.find(name)?.assoc !== undefined;
  }

  /** Sets a scalar (of an array: element 0). */
  set(name: string, value: string, append = false): void {
    const dynamic = this.dynamic.get(name);
    if (dynamic) {
      dynamic.set?.(value);
      return;
    }
    const target = this.resolve(name);
    const bracket = /^(\w+)\[(.*)\]$/s.exec(target);
    if (bracket) return this.setElement(bracket[1] as string, bracket[2] as string, value, append);
    const variable = this.own(target);
    if (variable.array) variable.array[0] = this.shape(variable, value, append ? variable.array[0] : undefined);
    else if (variable.assoc)
      variable.assoc.set('0', this.shape(variable, value, append ? variable.assoc.get('0') : ''));
    else variable.scalar = this.shape(variable, value, append ? variable.scalar : undefined);
    this.onSet(target);
  }

  setElement(name: string, key: string | number, value: string, append = false): void {
    const target = this.resolve(name);
    const variable = this.own(target);
    if (variable.assoc) {
      variable.assoc.set(
        String(key),
        this.shape(variable, value, append ? variable.assoc.get(String(key)) : undefined),
      );
      return;
    }
    const array = this.toArray(variable);
    const at = index(array, Number(key));
    array[at] = this.shape(variable, value, append ? array[at] : undefined);
    this.onSet(target);
  }

  /** Replaces (or with append extends) a whole array; entries with no key follow the one before. */
  setArray(name: string, entries: { key?: string | number; value: string; append?: boolean }[], append = false): void {
    const target = this.resolve(name);
    const variable = this.own(target);
    if (variable.assoc) {
      if (!append) variable.assoc = new Associative();
      for (const entry of entries) this.setElement(target, entry.key ?? '', entry.value, entry.append ?? false);
      return;
    }
    if (append) this.toArray(variable);
    else {
      delete variable.scalar;
      variable.array = [];
    }
    let next = variable.array?.length ?? 0;
    for (const entry of entries) {
      if (entry.key !== undefined) next = Number(entry.key);
      this.setElement(target, next++, entry.value, entry.append ?? false);
    }
  }

  unset(name: string, key?: string): void {
    const target = this.resolve(name);
    const variable = this.findRaw(target);
    this.dynamic.delete(target);
    if (!variable) return;
    if (variable.readonly) throw new ReadonlyError(target);
    if (key !== undefined) {
      if (variable.assoc) variable.assoc.delete(key);
      else if (variable.array) delete variable.array[index(variable.array, Number(key))];
      else delete variable.scalar;
      return;
    }
    const scope = [...this.scopes].reverse().find((s) => s.has(target));
    if (scope) scope.set(target, {});
    else this.globals.delete(target);
    this.onSet(target);
  }

  /** Makes a variable of the innermost function. */
  local(name: string): Variable {
    const scope = this.scopes.at(-1);
    if (!scope) return this.declare(name);
    let variable = scope.get(name);
    if (!variable) {
      const outer = this.findRaw(name);
      if (outer?.readonly) throw new ReadonlyError(name);
      variable = outer?.exported ? { exported: true } : {};
      scope.set(name, variable);
    }
    return variable;
  }

  /** The variable of a name, made if there is none. */
  declare(name: string, global = false): Variable {
    const found = global ? this.globals.get(name) : this.findRaw(name);
    if (found) return found;
    const variable: Variable = {};
    this.globals.set(name, variable);
    return variable;
  }

  names(): string[] {
    const names = new Set(this.globals.keys());
    for (const scope of this.scopes) for (const name of scope.keys()) names.add(name);
    return [...names].sort();
  }

  /** Names of the innermost function's own variables. */
  localNames(): string[] {
    return [...(this.scopes.at(-1)?.keys() ?? [])];
  }

  /** The exported variables, as a child's environment. */
  environment(): Record<string, string> {
    const env: Record<string, string> = {};
    for (const map of [this.globals, ...this.scopes])
      for (const [name, variable] of map) {
        if (variable.exported && variable.scalar !== undefined) env[name] = variable.scalar;
        else delete env[name];
      }
    return env;
  }

  /** `unset -n`: the reference itself. */
  unsetRaw(name: string): void {
    const variable = this.findRaw(name);
    if (!variable) return;
    if (variable.readonly) throw new ReadonlyError(name);
    const scope = [...this.scopes].reverse().find((each) => each.has(name));
    if (scope) scope.set(name, {});
    else this.globals.delete(name);
  }

  /** `unset a[@]`: all elements. */
  clear(name: string): void {
    const variable = this.find(name);
    if (variable?.readonly) throw new ReadonlyError(name);
    if (variable?.array) variable.array = [];
    else if (variable?.assoc) variable.assoc = new Associative();
    else this.unset(name);
  }

  private own(name: string): Variable {
    const variable = this.declare(name);
    if (variable.readonly) throw new ReadonlyError(name);
    delete variable.unassigned;
    return variable;
  }

  private toArray(variable: Variable): string[] {
    if (!variable.array) {
      variable.array = variable.scalar === undefined ? [] : [variable.scalar];
      delete variable.scalar;
    }
    return variable.array;
  }

  private shape(variable: Variable, value: string, old: string | undefined): string {
    if (variable.integer) return this.evaluate(old === undefined ? value : `${old || 0}+(${value || 0})`);
    const length = value.length + (old?.length ?? 0);
    if (length > LIMITS.variableCharacters) throw new OutOfMemory(length);
    const whole = old === undefined ? value : old + value;
    if (variable.lower) return whole.toLowerCase();
    if (variable.capital) return whole.charAt(0).toUpperCase() + whole.slice(1).toLowerCase();
    return variable.upper ? whole.toUpperCase() : whole;
  }
}

const index = (array: string[], key: number): number => (key < 0 ? array.length + key : key);

function clone(scope: Map<string, Variable>): Map<string, Variable> {
  const copy = new Map<string, Variable>();
  for (const [name, variable] of scope) {
    const own = { ...variable };
    if (own.array) own.array = own.array.slice();
    if (own.assoc) own.assoc = own.assoc.copy();
    copy.set(name, own);
  }
  return copy;
}
