// Flags of agnhost's commands, as cobra reads them: `--name value`, `--name=value`.

export class Flags {
  constructor(private readonly words: readonly string[]) {}

  get(name: string): string | undefined {
    const at = this.words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (at < 0) return undefined;
    return this.words[at]?.includes('=') ? this.words[at]?.slice(name.length + 3) : this.words[at + 1];
  }

  number(name: string, otherwise: number): number {
    const text = this.get(name);
    return text === undefined ? otherwise : Number(text);
  }

  /** A switch: `--name` or `--name=true`. */
  has(name: string, otherwise = false): boolean {
    const word = this.words.find((candidate) => candidate === `--${name}` || candidate.startsWith(`--${name}=`));
    return word === undefined ? otherwise : !word.endsWith('=false');
  }

  /** What is no flag and no flag's value. */
  operands(): string[] {
    return this.words.filter((word, i) => {
      const before = this.words[i - 1];
      return !word.startsWith('-') && !(before?.startsWith('--') && !before.includes('='));
    });
  }
}
