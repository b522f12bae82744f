// What a flag is, and the flags of every command: kubectl's from its recorded help, oc's own from its command files.

export interface FlagSpec {
  name: string;
  short?: string;
  /** `strings` splits at commas, `array` does not. */
  type: 'bool' | 'string' | 'strings' | 'array' | 'int' | 'duration';
  /** The default, as text. */
  value: string;
  usage: string;
  /** The value when the flag stands alone (pflag's NoOptDefVal). */
  bare?: string;
  /** What pflag says when the flag is used; help and completion do not name it (pflag's MarkDeprecated). */
  deprecated?: string;
}

type Extra = Partial<Pick<FlagSpec, 'short' | 'value' | 'bare'>>;
const make =
  (type: FlagSpec['type'], value: string, more: Extra = {}) =>
  (name: string, usage: string, extra: Extra = {}): FlagSpec => ({ name, type, value, usage, ...more, ...extra });

export const boolFlag = make('bool', 'false', { bare: 'true' });
export const stringFlag = make('string', '');
export const stringsFlag = make('strings', '');
export const arrayFlag = make('array', '');
export const intFlag = make('int', '0');
export const durationFlag = make('duration', '0s');

/**
 * A flag's facts in one word: `all-namespaces,A=false`, `from-literal=[]*` (an array), `dry-run='none'?unchanged` (its value
 * when it stands alone).
 */
export function parseFlagFact(fact: string): FlagSpec {
  const [, name = '', short, shown = '', array, bare] =
    /^([\w-]+)(?:,(\w))?=('[^']*'|\[[^\]]*\]|[^*?]*)(\*)?(?:\?(.*))?$/.exec(fact) ?? [];
  const type = array ? 'array' : typeOf(shown);
  const value = shown.replace(type === 'strings' || type === 'array' ? /^['[]|['\]]$/g : /^'|'$/g, '');
  const alone = type === 'bool' ? 'true' : bare;
  return { name, type, value, usage: '', ...(short ? { short } : {}), ...(alone !== undefined ? { bare: alone } : {}) };
}

function typeOf(shown: string): FlagSpec['type'] {
  if (shown.startsWith('[')) return 'strings';
  if (shown === 'true' || shown === 'false') return 'bool';
  if (/^-?\d+$/.test(shown)) return 'int';
  return /^\d+[smh]/.test(shown) ? 'duration' : 'string';
}

/** The default as help shows it. */
export function shownDefault({ name, type, value }: FlagSpec): string {
  if (name === 'vmodule') return value; // klog's own type, which shows no quotes
  if (type === 'strings' || type === 'array') return `[${value}]`;
  return type === 'string' ? `'${value}'` : value;
}
