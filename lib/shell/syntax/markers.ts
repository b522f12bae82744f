// Characters and names that stand for what the parsing library has no syntax for; from Unicode's private use area.

/** The brackets of an extended glob: `@(a|b)` travels as `@` OPEN `a` BAR `b` CLOSE. */
export const EXTGLOB_OPEN = '\uf8f0';
export const EXTGLOB_BAR = '\uf8f1';
export const EXTGLOB_CLOSE = '\uf8f2';

/** `${x~~}` travels as `${x^^}` with this at the front of its pattern. */
export const TOGGLE_CASE = '\uf8f3';

const FUNCTION_PREFIX = '__function_';

/** A function's name that the library does not take travels as one of its hexadecimal bytes. */
export const hiddenName = (name: string): string => `${FUNCTION_PREFIX}${Buffer.from(name).toString('hex')}`;

/** A function's own name. */
export const shownName = (name: string): string =>
  name.startsWith(FUNCTION_PREFIX) ? Buffer.from(name.slice(FUNCTION_PREFIX.length), 'hex').toString() : name;

/** `select x` travels as `for` with this before the name. */
export const SELECT_PREFIX = '__select__';

/** A `${…}` that no shell knows travels as a parameter of this name and the text's hexadecimal bytes: it fails when it is expanded. */
export const BAD_PREFIX = '__bad_substitution_';

export const badParameter = (text: string): string => `\${${BAD_PREFIX}${Buffer.from(text).toString('hex')}}`;

export const badSubstitution = (name: string): string => Buffer.from(name.slice(BAD_PREFIX.length), 'hex').toString();

const ARITHMETIC_PREFIX = '__arithmetic_';

/** `((…))` travels as a name of its text's hexadecimal bytes: the library puts blanks into `<=`, and takes `<<` for a here-document. */
export const hiddenArithmetic = (text: string): string => {
  const inside = text.slice(2, -2);
  return `((${ARITHMETIC_PREFIX}${Buffer.from(inside).toString('hex')}${inside.replace(/[^\n]/g, '')}))`;
};

/** A text with what was hidden in it. */
export const shownArithmetic = (text: string): string =>
  text.includes(ARITHMETIC_PREFIX)
    ? text.replace(/__arithmetic_([0-9a-f]*)\s*/g, (_, bytes) => Buffer.from(bytes, 'hex').toString())
    : text;

const COPROCESS_PREFIX = '__coproc__';

/** `coproc NAME command` travels as a pipeline that begins with a command of this name. */
export const coprocessMarker = (name: string): string => `${COPROCESS_PREFIX}${name}`;

/** The name behind the marker. */
export const coprocessName = (word: string): string | undefined =>
  word.startsWith(COPROCESS_PREFIX) ? word.slice(COPROCESS_PREFIX.length) : undefined;

/** A pipeline's text as it was written. */
export const shownCoprocess = (text: string): string => text.replace(/__coproc__(\w+) \|\s*/g, 'coproc $1 ');
