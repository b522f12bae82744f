// Which tags of a repository exist. A rule an image: words, and lines of releases with the variants they are built in.

/** The tags of an image; they are worked out when first asked for. */
export class Tags {
  private table: ReadonlyMap<string, string> | undefined;

  /** @param latest the release behind `latest`, which is asked for before the others are worked out */
  constructor(
    private readonly make: () => Iterable<readonly [tag: string, release: string]>,
    readonly latest = '',
  ) {}

  has(tag: string): boolean {
    return this.known.has(tag);
  }

  all(): string[] {
    return [...this.known.keys()];
  }

  /** The release behind a tag, as `1.27.5` behind `latest`; empty where releases are not told apart. */
  releaseOf(tag: string): string {
    return this.known.get(tag) ?? '';
  }

  private get known(): ReadonlyMap<string, string> {
    this.table ??= new Map(this.make());
    return this.table;
  }
}

const split = (text: string): string[] => text.split(' ').filter(Boolean);

/** Tags that are only names. `stable=1.26.3` also says which release it is. */
export const words = (text: string): Tags => new Tags(() => named(text, ''), latestIn(text, ''));

const latestIn = (names: string, otherwise: string): string =>
  named(names, otherwise).find(([name]) => name === 'latest')?.[1] ?? '';

const named = (text: string, otherwise: string): [string, string][] =>
  split(text).map((word) => {
    const [name = '', release = otherwise] = word.split('=');
    return [name, release];
  });

export interface Releases {
  /** The last release of each line, newest first: `1.27.5 1.26.3` has 1.27.0 … 1.27.5, 1.27, 1.26.0 … 1.26.3, 1.26 and 1. */
  lines: string;
  /** Ways they are built, each a suffix (`1.27.5-alpine`, `1.27-alpine`) and a tag of its own (`alpine`). */
  variants?: string;
  /** Further names; without `=release` the newest one. `latest` is one unless this says otherwise. */
  names?: string;
  /** Only with a variant: the plain tags are another image's. */
  onlyVariants?: boolean;
  /** Before each number, as `v`. */
  prefix?: string;
}

/**
 * @example releases({ lines: '1.27.5 1.26.3', variants: 'alpine' }).has('1.26.1-alpine') // true
 */
export const releases = (of: Releases): Tags =>
  new Tags(() => expanded(of), latestIn(of.names ?? 'latest', split(of.lines)[0] ?? ''));

function expanded({ lines, variants = '', names = 'latest', onlyVariants = false, prefix = '' }: Releases) {
  const numbered = new Map<string, string>();
  const add = (tag: string, release: string) => {
    if (!numbered.has(tag)) numbered.set(tag, release); // lines come newest first
  };
  const newest = split(lines)[0] ?? '';
  for (const line of split(lines)) {
    const numbers = line.split('.');
    const head = numbers.slice(0, -1);
    for (let length = 1; length < numbers.length; length++) add(numbers.slice(0, length).join('.'), line);
    for (let last = Number(numbers.at(-1)); last >= 0; last--) {
      const release = [...head, last].join('.');
      add(release, release);
    }
  }
  const table = new Map<string, string>();
  const put = (tag: string, release: string) => {
    if (!table.has(tag)) table.set(tag, release);
  };
  for (const [tag, release] of numbered) {
    if (!onlyVariants) put(`${prefix}${tag}`, release);
    for (const variant of split(variants)) put(`${prefix}${tag}-${variant}`, release);
  }
  for (const variant of split(variants)) put(variant, newest);
  for (const [name, release] of named(names, newest)) put(name, release);
  return table;
}

/** The tags of several rules together; the first that knows a tag says its release. */
export const either = (...rules: Tags[]): Tags =>
  new Tags(
    () => {
      const table = new Map<string, string>();
      for (const rule of rules) for (const tag of rule.all()) if (!table.has(tag)) table.set(tag, rule.releaseOf(tag));
      return table;
    },
    rules.map(({ latest }) => latest).find(Boolean),
  );
