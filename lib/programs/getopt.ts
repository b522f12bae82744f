// Options as getopt_long(3) takes them, with its messages.

export interface Options {
  /** By name: the short letter, or the long name where there is no short one. */
  has(name: string): boolean;
  /** The last value given. */
  get(name: string): string | undefined;
  all(name: string): string[];
  rest: string[];
  /** What getopt prints, without a newline; the program prints it and its usage, and exits. */
  error?: string;
  /** Set with `error` where the program has no such option of its own: GNU's tools all know these. */
  about?: 'help' | 'version';
  /** With `about`: the options that the program knows, `-a, --all`. */
  known?: string[];
}

/**
 * @param short `zvw:` with a colon after a letter that takes a value
 * @param long long names to their short letter (or own name); `=` at the end of a name means it takes a value
 * @param inOrder stops at the first operand, as with a leading `+`
 */
export function getopt(
  argv: readonly string[],
  short: string,
  long: Record<string, string> = {},
  inOrder = false,
): Options {
  const name = (argv[0] ?? '').replace(/^.*\//, '');
  const found = new Map<string, string[]>();
  const rest: string[] = [];
  const result = (error?: string): Options => ({
    has: (key) => found.has(key),
    get: (key) => found.get(key)?.at(-1),
    all: (key) => found.get(key) ?? [],
    rest,
    ...(error === undefined ? {} : { error }),
  });
  const add = (key: string, value: string) => found.set(key, [...(found.get(key) ?? []), value]);
  const longs = new Map(
    Object.entries(long).map(([key, target]) => [key.replace(/=$/, ''), { target, takes: key.endsWith('=') }]),
  );
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') {
      rest.push(...argv.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [key = '', value] = splitOnce(word.slice(2));
      if ((key === 'help' || key === 'version') && !longs.has(key))
        return { ...result(`${name}: unrecognized option '--${key}'`), about: key, known: listed(short, long) };
      const matches = longs.has(key) ? [key] : [...longs.keys()].filter((candidate) => candidate.startsWith(key));
      const known = matches.length === 1 ? longs.get(matches[0] as string) : undefined;
      if (!known)
        return result(
          `${name}: ${matches.length > 1 ? `option '--${key}' is ambiguous` : `unrecognized option '--${key}'`}`,
        );
      if (!known.takes && value !== undefined)
        return result(`${name}: option '--${matches[0]}' doesn't allow an argument`);
      const given = known.takes ? (value ?? argv[++i]) : '';
      if (given === undefined) return result(`${name}: option '--${matches[0]}' requires an argument`);
      add(known.target, given);
    } else if (word.startsWith('-') && word !== '-') {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at] as string;
        const where = short.indexOf(letter);
        if (letter === ':' || where < 0) return result(`${name}: invalid option -- '${letter}'`);
        if (short[where + 1] !== ':') {
          add(letter, '');
          continue;
        }
        const given = word.slice(at + 1) || argv[++i];
        if (given === undefined) return result(`${name}: option requires an argument -- '${letter}'`);
        add(letter, given);
        break;
      }
    } else if (inOrder) {
      rest.push(...argv.slice(i));
      break;
    } else rest.push(word);
  }
  return result();
}

const splitOnce = (text: string): [string, string?] => {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

/** Options as a list shows them, by their letters, then those that have none. */
function listed(short: string, long: Record<string, string>): string[] {
  const shown = (key: string) => (key.endsWith('=') ? `--${key}${key.toUpperCase().replace(/=$/, '')}` : `--${key}`);
  const letters = [...short.replaceAll(':', '')].map((letter) => {
    const own = Object.keys(long).filter((key) => long[key] === letter);
    return [`-${letter}`, ...own.map(shown)].join(', ');
  });
  const others = Object.keys(long).filter((key) => !short.includes(long[key] as string));
  return [...letters, ...others.map((key) => `    ${shown(key)}`), '    --help', '    --version'];
}
