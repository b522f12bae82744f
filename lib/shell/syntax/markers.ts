// Characters and names that stand for what the parsing library has no syntax for; from Unicode's private use area.

/** The brackets of an extended glob: `@(a|b)` travels as `@` OPEN `a` BAR `b` CLOSE. */
export const EXTGLOB_OPEN = '\uf8f0';
export const EXTGLOB_BAR = '\uf8f1';
export const EXTGLOB_CLOSE = '\uf8f2';

/** `select x` travels as `for` with this before the name. */
export const SELECT_PREFIX = '__select__';
