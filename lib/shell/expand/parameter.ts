// Parameter expansion: `$x`, `${x:-y}`, `${a[@]}`, `${x//a/b}` and all their relatives.
import type { Shell } from '../shell';
import type { Operation, Parameter, WordNode, WordPart } from '../syntax/ast';
import { BAD_PREFIX, badSubstitution } from '../syntax/markers';
import type { Fields } from './fields';
import { operate, sliceList, transform } from './operations';
import { evaluateKey } from './subscript';

/** What operations need of word expansion; handed in, since the two call each other. */
export interface Expander {
  wordText(shell: Shell, word: WordNode): Promise<string>;
  quotedText(shell: Shell, word: WordNode): Promise<string>;
  patternText(shell: Shell, word: WordNode): Promise<string>;
  number(shell: Shell, text: string): Promise<bigint>;
}

type Fill = (shell: Shell, fields: Fields, parts: WordPart[], quoted: boolean) => Promise<void>;

/** What a parameter's name gives: one value, or the values of `@` and `*`. */
type Value = { kind: 'one'; text: string | undefined } | { kind: 'list'; items: string[]; star: boolean };

/** Expands one parameter into fields. */
export async function parameter(
  shell: Shell,
  fields: Fields,
  part: Parameter,
  quoted: boolean,
  expander: Expander,
  fill: Fill,
): Promise<void> {
  const { operation } = part;
  if (part.parameter.startsWith(BAD_PREFIX))
    return shell.posixLike
      ? shell.fail(shell.dialect === 'dash' ? 'Bad substitution' : 'syntax error: bad substitution', 2)
      : /@.\}$/s.test(badSubstitution(part.parameter))
        ? shell.fail(`${badSubstitution(part.parameter)}: bad substitution`, 127)
        : shell.discard(`${badSubstitution(part.parameter)}: bad substitution`);
  if (!operation)
    return put(shell, fields, checked(shell, part.parameter, await lookUp(shell, part.parameter, expander)), quoted);
  if (operation.type === 'ArrayKeys')
    return put(shell, fields, { kind: 'list', items: shell.vars.keys(operation.array), star: operation.star }, quoted);
  if (operation.type === 'VarNamePrefix') {
    const items = shell.vars.names().filter((name) => name.startsWith(operation.prefix));
    return put(shell, fields, { kind: 'list', items, star: operation.star }, quoted);
  }
  if (operation.type === 'BadSubstitution' || operation.type === 'LengthSliceError')
    return shell.discard(
      `\${${operation.type === 'BadSubstitution' ? operation.text : part.parameter}}: bad substitution`,
    );
  if (operation.type === 'Indirection' && part.parameter === '')
    return put(shell, fields, await lookUp(shell, '!', expander), quoted); // ${!} is the last background process
  if (operation.type === 'Indirection')
    return indirect(shell, fields, part, operation.innerOp ?? null, quoted, expander, fill);
  const value = await lookUp(shell, part.parameter, expander);
  if (await choose(shell, fields, part.parameter, operation, value, quoted, expander, fill)) return;
  if (operation.type === 'Length')
    return put(shell, fields, { kind: 'one', text: length(checked(shell, part.parameter, value)) }, quoted);
  const sound = checked(shell, part.parameter, value);
  if (sound.kind === 'list') {
    const items = await operateList(shell, part.parameter, operation, sound.items, expander);
    return put(shell, fields, { ...sound, items }, quoted);
  }
  if (
    operation.type === 'Transform' &&
    operation.operator !== 'Q' &&
    sound.text === undefined &&
    !(/^[aA]$/.test(operation.operator) && shell.vars.find(part.parameter))
  )
    return quoted ? put(shell, fields, { kind: 'one', text: '' }, quoted) : undefined;
  const text = await operate(shell, part.parameter, operation, sound.text ?? '', expander, sound.text === undefined);
  return put(shell, fields, { kind: 'one', text }, quoted);
}

async function operateList(
  shell: Shell,
  name: string,
  operation: Operation,
  items: string[],
  expander: Expander,
): Promise<string[]> {
  if (operation.type === 'Substring') return sliceList(shell, name, operation, items, expander);
  if (operation.type === 'Transform') return transform(shell, name, operation.operator, items, expander);
  return Promise.all(items.map((item) => operate(shell, name, operation, item, expander, false)));
}

async function indirect(
  shell: Shell,
  fields: Fields,
  part: Parameter,
  inner: Operation | null,
  quoted: boolean,
  expander: Expander,
  fill: Fill,
): Promise<void> {
  const variable = shell.vars.findRaw(part.parameter);
  if (variable?.nameref) return put(shell, fields, { kind: 'one', text: variable.scalar }, quoted);
  const value = await lookUp(shell, part.parameter, expander);
  const target = value.kind === 'one' ? value.text : value.items.join(' ');
  if (target === undefined || target === '') return shell.discard(`${part.parameter}: invalid indirect expansion`);
  if (!/^(\w+(\[.*\])?|[@*#?$!-])$/s.test(target)) return shell.discard(`${target}: invalid variable name`);
  await parameter(shell, fields, { ...part, parameter: target, operation: inner }, quoted, expander, fill);
}

/** The operations that may put a word in the value's place: `:-`, `:=`, `:?`, `:+`. */
async function choose(
  shell: Shell,
  fields: Fields,
  name: string,
  operation: Operation,
  value: Value,
  quoted: boolean,
  expander: Expander,
  fill: Fill,
): Promise<boolean> {
  if (operation.type === 'UseAlternative') {
    if (!missing(value, operation.checkEmpty)) await fill(shell, fields, operation.word.parts, quoted);
    return true;
  }
  if (operation.type !== 'DefaultValue' && operation.type !== 'AssignDefault' && operation.type !== 'ErrorIfUnset')
    return false;
  if (!missing(value, operation.checkEmpty)) {
    put(shell, fields, value, quoted);
    return true;
  }
  if (operation.type === 'ErrorIfUnset') {
    const text = operation.word ? await expander.wordText(shell, operation.word) : '';
    return shell.fail(`${name}: ${text || unset(shell, operation.checkEmpty)}`, shell.posixLike ? 2 : 127);
  }
  if (operation.type === 'DefaultValue') {
    await fill(shell, fields, operation.word.parts, quoted);
    return true;
  }
  if (!/^[A-Za-z_]\w*(\[.*\])?$/s.test(name)) return shell.discard(`$${name}: cannot assign in this way`);
  const text = await expander.wordText(shell, operation.word);
  await assignTo(shell, name, text, expander);
  put(shell, fields, { kind: 'one', text }, quoted);
  return true;
}

function unset(shell: Shell, orEmpty: boolean): string {
  if (!orEmpty) return 'parameter not set';
  return shell.posixLike ? 'parameter not set or null' : 'parameter null or not set';
}

async function assignTo(shell: Shell, name: string, text: string, expander: Expander): Promise<void> {
  const element = /^(\w+)\[(.*)\]$/s.exec(name);
  if (!element) return shell.vars.set(name, text);
  const [, array = '', subscript = ''] = element;
  shell.vars.setElement(array, await evaluateKey(shell, array, subscript, expander), text);
}

const missing = (value: Value, orEmpty: boolean): boolean => {
  const text = value.kind === 'one' ? value.text : value.items.length > 0 ? value.items.join(' ') : undefined;
  return text === undefined || (orEmpty && text === '');
};

const length = (value: Value): string =>
  String(value.kind === 'list' ? value.items.length : [...(value.text ?? '')].length);

/** `set -u`. */
function checked(shell: Shell, name: string, value: Value): Value {
  if (value.kind === 'one' && value.text === undefined && shell.option('nounset'))
    shell.fail(
      `${/^\d+$/.test(name) ? `$${name}` : name}: ${shell.posixLike ? 'parameter not set' : 'unbound variable'}`,
      shell.posixLike ? 2 : 127,
    );
  return value;
}

async function lookUp(shell: Shell, name: string, expander: Expander): Promise<Value> {
  const { vars } = shell;
  if (name === '@' || name === '*') return { kind: 'list', items: shell.positional, star: name === '*' };
  const element = /^(\w+)\[(.*)\]$/s.exec(name);
  if (element) {
    const [, array = '', subscript = ''] = element;
    if (subscript === '@' || subscript === '*')
      return { kind: 'list', items: vars.values(array), star: subscript === '*' };
    const key = await evaluateKey(shell, array, subscript, expander, true);
    if (Number.isNaN(key)) {
      await shell.complain(`${array}: bad array subscript`);
      return { kind: 'one', text: undefined };
    }
    return { kind: 'one', text: vars.element(array, key) };
  }
  const target = vars.findRaw(name)?.nameref ? vars.resolve(name) : name;
  if (target !== name && /\[/.test(target)) return lookUp(shell, target, expander);
  return { kind: 'one', text: special(shell, name) };
}

/** A parameter by its name, the special ones included. */
function special(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '?':
      return String(shell.status);
    case '#':
      return String(shell.positional.length);
    case '$':
      return String(shell.mainPid);
    case '!':
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground);
    case '-':
      return flags(shell);
    case '_':
      return shell.lastArgument;
    case '0':
      return shell.name;
  }
  if (/^\d+$/.test(name)) return shell.positional[Number(name) - 1];
  return shell.vars.get(name);
}

const FLAGS: [string, string][] = [
  ['allexport', 'a'],
  ['notify', 'b'],
  ['errexit', 'e'],
  ['noglob', 'f'],
  ['hashall', 'h'],
  ['monitor', 'm'],
  ['noexec', 'n'],
  ['nounset', 'u'],
  ['verbose', 'v'],
  ['xtrace', 'x'],
  ['braceexpand', 'B'],
  ['noclobber', 'C'],
  ['errtrace', 'E'],
  ['histexpand', 'H'],
  ['functrace', 'T'],
];

function flags(shell: Shell): string {
  const set = FLAGS.filter(([option]) => shell.option(option)).map(([, letter]) => letter);
  const interactive = shell.interactive && shell.subshellDepth === 0 ? 'i' : '';
  const text = set.join('').replace(/(.*h)?/, `$&${interactive}`);
  return text + shell.readsFrom;
}

function put(shell: Shell, fields: Fields, value: Value, quoted: boolean): void {
  if (value.kind === 'one') {
    if (quoted) fields.quoted(value.text ?? '');
    else fields.value(value.text ?? '');
    return;
  }
  const ifs = shell.vars.get('IFS');
  if (quoted && value.star) return fields.quoted(value.items.join(ifs === undefined ? ' ' : ifs.charAt(0)));
  value.items.forEach((item, i) => {
    if (i > 0) fields.cut(quoted);
    if (quoted) fields.quoted(item);
    else fields.value(item);
  });
}
